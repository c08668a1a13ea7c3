//! Delivery streams: what they read, what transforms their records, and where
//! they hand them on. Plain buckets are flows of the catalogue.

use underbelly_expression::{Fact, Guard, SubjectId, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::Place;

use crate::derived::at_host;
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// What they read: the property and the kind of what it names.
const SOURCES: [(&str, &str); 2] = [
    (
        "KinesisStreamSourceConfiguration.KinesisStreamARN",
        "stream",
    ),
    ("MSKSourceConfiguration.MSKClusterARN", "external"),
];

/// Where they deliver: the settings, and the property within that holds an address
/// (empty: a bucket, which the catalogue draws).
const DESTINATIONS: [(&str, &str); 8] = [
    ("ExtendedS3DestinationConfiguration", ""),
    (
        "HttpEndpointDestinationConfiguration",
        "EndpointConfiguration.Url",
    ),
    ("SplunkDestinationConfiguration", "HECEndpoint"),
    ("SnowflakeDestinationConfiguration", "AccountUrl"),
    ("RedshiftDestinationConfiguration", "ClusterJDBCURL"),
    ("ElasticsearchDestinationConfiguration", "DomainARN"),
    (
        "AmazonopensearchserviceDestinationConfiguration",
        "DomainARN",
    ),
    (
        "AmazonOpenSearchServerlessDestinationConfiguration",
        "CollectionEndpoint",
    ),
];

/// The buckets beside a destination.
const BUCKETS: [&str; 2] = [
    "S3Configuration.BucketARN",
    "S3BackupConfiguration.BucketARN",
];

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for (id, resource) in draft.of_type("AWS::KinesisFirehose::DeliveryStream") {
        let Some(stream) = draft.component_of(id) else {
            continue;
        };
        let one = (stream, id, resource);
        read(draft, one);
        for (settings, address) in DESTINATIONS {
            let settings = resource.properties.field(settings).into_owned();
            for (guard, settings) in settings.cases() {
                let Some(guard) = resource.guard.and(&guard) else {
                    continue;
                };
                transformed(draft, one, &guard, settings);
                handed_on(draft, one, &guard, settings, address);
            }
        }
    }
}

type One<'r> = (SubjectId, ResourceId, &'r Resource);

fn read(draft: &mut Draft<'_>, (stream, id, resource): One<'_>) {
    for (property, kind) in SOURCES {
        let source = resource.properties.path(property).into_owned();
        for end in draft.ends(&resource.guard, &source, &[kind], id, resource.head) {
            let link = Link {
                source: end.component,
                destination: stream,
                kind: FlowKind::Trigger,
                label: String::new(),
                guard: end.guard,
                place: end.place,
            };
            link.draw(draft, &Trigger::plain(Style::Stream, end.place));
        }
    }
}

/// Records go through a function, which is waited for.
fn transformed(draft: &mut Draft<'_>, (stream, id, resource): One<'_>, outer: &Guard, of: &Fact) {
    let processing = of.field("ProcessingConfiguration").into_owned();
    if processing.field("Enabled").as_bool() == Some(false) {
        return;
    }
    let processors = processing.field("Processors").into_owned();
    for (guard, processor) in processors.items().0 {
        let parameters = processor.field("Parameters").into_owned();
        for (inner, parameter) in parameters.items().0 {
            if parameter.field("ParameterName").as_text() != Some("LambdaArn") {
                continue;
            }
            let Some(guard) = outer.and(&guard).and_then(|outer| outer.and(&inner)) else {
                continue;
            };
            let function = parameter.field("ParameterValue").into_owned();
            for end in draft.ends(&guard, &function, &["function"], id, resource.head) {
                let link = Link {
                    source: stream,
                    destination: end.component,
                    kind: FlowKind::Call,
                    label: "transform".to_owned(),
                    guard: end.guard,
                    place: end.place,
                };
                link.draw(draft, &Trigger::plain(Style::Sync, end.place));
            }
        }
    }
}

fn handed_on(
    draft: &mut Draft<'_>,
    (stream, id, resource): One<'_>,
    guard: &Guard,
    settings: &Fact,
    address: &str,
) {
    let address = match address.is_empty() {
        true => Fact::absent(None),
        false => settings.path(address).into_owned(),
    };
    let receiver = at_host(draft, &address, id, resource.head);
    for (inner, case) in receiver.cases() {
        let known = case.as_known().map(|known| &known.value);
        if let (Some(Value::Subject(receiver)), Some(guard)) = (known, guard.and(&inner)) {
            let place = case.head(resource.head);
            deliver(draft, stream, *receiver, guard, Place::here(place));
        }
    }
    for property in BUCKETS {
        let bucket = settings.path(property).into_owned();
        for end in draft.ends(guard, &bucket, &["object-store"], id, resource.head) {
            let place = Place::here(end.place);
            deliver(draft, stream, end.component, end.guard, place);
        }
    }
}

fn deliver(
    draft: &mut Draft<'_>,
    stream: SubjectId,
    receiver: SubjectId,
    guard: Guard,
    place: Place,
) {
    draft.add_flow(
        stream,
        receiver,
        FlowKind::Delivery,
        Strength::Strong,
        "records",
        guard,
        vec![place],
    );
}
