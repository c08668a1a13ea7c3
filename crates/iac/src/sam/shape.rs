//! Which properties the serverless types have, what kind of value each takes, and
//! what it is called in the resource it becomes.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html>

use underbelly_expression::Value;

/// What a property may be: any of the kinds named by its bits.
pub(crate) type Shape = u8;
/// Text, a number, or yes or no.
pub(crate) const ONE: Shape = 1;
/// A map.
pub(crate) const MAP: Shape = 2;
/// A list.
pub(crate) const LIST: Shape = 4;

/// Whether a value may stand for a property of this shape. A text with holes may
/// stand for anything.
pub(crate) fn fits(shape: Shape, value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) => shape & ONE != 0,
        Value::Text(text) => shape & ONE != 0 || text.known().is_none(),
        Value::Map(_) => shape & MAP != 0,
        Value::Set(_) => shape & LIST != 0,
        Value::Subject(_) => false,
    }
}

/// The kinds a shape allows, for people.
pub(crate) fn in_words(shape: Shape) -> &'static str {
    match shape {
        ONE => "a single value",
        MAP => "a map",
        LIST => "a list",
        3 => "a single value or a map",
        5 => "a single value or a list",
        6 => "a map or a list",
        _ => "a single value, a map or a list",
    }
}

/// A property: its name, its shape, and its name in what the resource becomes;
/// the empty name where it is expanded rather than passed on.
pub(crate) type Property = (&'static str, Shape, &'static str);

/// The properties of a serverless type; none where we do not know it.
pub(crate) fn properties_of(kind: &str) -> &'static [Property] {
    match kind {
        "AWS::Serverless::Function" => FUNCTION,
        "AWS::Serverless::Api" => API,
        "AWS::Serverless::HttpApi" => HTTP_API,
        "AWS::Serverless::WebSocketApi" => WEB_SOCKET_API,
        "AWS::Serverless::SimpleTable" => TABLE,
        "AWS::Serverless::LayerVersion" => LAYER,
        "AWS::Serverless::StateMachine" => STATE_MACHINE,
        "AWS::Serverless::GraphQLApi" => GRAPHQL_API,
        "AWS::Serverless::Connector" => CONNECTOR,
        "AWS::Serverless::CapacityProvider" => CAPACITY_PROVIDER,
        _ => &[],
    }
}

const FUNCTION: &[Property] = &[
    ("FunctionName", ONE, "FunctionName"),
    ("Description", ONE, "Description"),
    ("Handler", ONE, "Handler"),
    ("Runtime", ONE, "Runtime"),
    ("PackageType", ONE, "PackageType"),
    ("ImageConfig", MAP, "ImageConfig"),
    ("MemorySize", ONE, "MemorySize"),
    ("Timeout", ONE, "Timeout"),
    ("Environment", MAP, "Environment"),
    ("VpcConfig", MAP, "VpcConfig"),
    ("Layers", LIST, "Layers"),
    ("KmsKeyArn", ONE, "KmsKeyArn"),
    (
        "ReservedConcurrentExecutions",
        ONE,
        "ReservedConcurrentExecutions",
    ),
    ("Architectures", LIST, "Architectures"),
    ("FileSystemConfigs", LIST, "FileSystemConfigs"),
    ("EphemeralStorage", MAP, "EphemeralStorage"),
    ("SnapStart", MAP, "SnapStart"),
    ("RuntimeManagementConfig", MAP, "RuntimeManagementConfig"),
    ("CodeSigningConfigArn", ONE, "CodeSigningConfigArn"),
    ("RecursiveLoop", ONE, "RecursiveLoop"),
    ("LoggingConfig", MAP, "LoggingConfig"),
    ("TenancyConfig", MAP, "TenancyConfig"),
    ("DurableConfig", MAP, "DurableConfig"),
    ("CapacityProviderConfig", MAP, "CapacityProviderConfig"),
    ("PublishToLatestPublished", ONE, "PublishToLatestPublished"),
    ("FunctionScalingConfig", MAP, "FunctionScalingConfig"),
    ("Tags", MAP, ""),
    ("PropagateTags", ONE, ""),
    ("Tracing", ONE, ""),
    ("DeadLetterQueue", MAP, ""),
    ("CodeUri", ONE | MAP, ""),
    ("InlineCode", ONE, ""),
    ("ImageUri", ONE, ""),
    ("SourceKMSKeyArn", ONE, ""),
    ("Role", ONE, ""),
    ("RolePath", ONE, ""),
    ("PermissionsBoundary", ONE, ""),
    ("AssumeRolePolicyDocument", MAP, ""),
    ("Policies", ONE | MAP | LIST, ""),
    ("Events", MAP, ""),
    ("FunctionUrlConfig", MAP, ""),
    ("EventInvokeConfig", MAP, ""),
    ("AutoPublishAlias", ONE, ""),
    ("AutoPublishAliasAllProperties", ONE, ""),
    ("AutoPublishCodeSha256", ONE, ""),
    ("VersionDescription", ONE, ""),
    ("VersionDeletionPolicy", ONE, ""),
    ("ProvisionedConcurrencyConfig", MAP, ""),
    ("DeploymentPreference", MAP, ""),
];

const API: &[Property] = &[
    ("Name", ONE, "Name"),
    ("Description", ONE, "Description"),
    ("ApiKeySourceType", ONE, "ApiKeySourceType"),
    ("BinaryMediaTypes", LIST, "BinaryMediaTypes"),
    ("MinimumCompressionSize", ONE, "MinimumCompressionSize"),
    (
        "DisableExecuteApiEndpoint",
        ONE,
        "DisableExecuteApiEndpoint",
    ),
    ("FailOnWarnings", ONE, "FailOnWarnings"),
    ("Mode", ONE, "Mode"),
    ("SecurityPolicy", ONE, "SecurityPolicy"),
    ("EndpointAccessMode", ONE, "EndpointAccessMode"),
    ("Policy", MAP, "Policy"),
    ("Tags", MAP, ""),
    ("PropagateTags", ONE, ""),
    ("EndpointConfiguration", ONE | MAP, ""),
    ("StageName", ONE, ""),
    ("DefinitionBody", MAP, ""),
    ("DefinitionUri", ONE | MAP, ""),
    ("MergeDefinitions", ONE, ""),
    ("Auth", MAP, ""),
    ("Cors", ONE | MAP, ""),
    ("Domain", MAP, ""),
    ("AccessLogSetting", MAP, ""),
    ("CacheClusterEnabled", ONE, ""),
    ("CacheClusterSize", ONE, ""),
    ("CanarySetting", MAP, ""),
    ("MethodSettings", LIST, ""),
    ("TracingEnabled", ONE, ""),
    ("Variables", MAP, ""),
    ("Models", MAP, ""),
    ("GatewayResponses", MAP, ""),
    ("OpenApiVersion", ONE, ""),
    ("AlwaysDeploy", ONE, ""),
];

const HTTP_API: &[Property] = &[
    ("Name", ONE, "Name"),
    ("Description", ONE, "Description"),
    (
        "DisableExecuteApiEndpoint",
        ONE,
        "DisableExecuteApiEndpoint",
    ),
    ("FailOnWarnings", ONE, "FailOnWarnings"),
    ("Tags", MAP, "Tags"),
    ("PropagateTags", ONE, ""),
    ("StageName", ONE, ""),
    ("StageVariables", MAP, ""),
    ("DefinitionBody", MAP, ""),
    ("DefinitionUri", ONE | MAP, ""),
    ("Auth", MAP, ""),
    ("CorsConfiguration", ONE | MAP, ""),
    ("Domain", MAP, ""),
    ("AccessLogSettings", MAP, ""),
    ("DefaultRouteSettings", MAP, ""),
    ("RouteSettings", MAP, ""),
];

const WEB_SOCKET_API: &[Property] = &[
    ("Name", ONE, "Name"),
    ("Description", ONE, "Description"),
    (
        "DisableExecuteApiEndpoint",
        ONE,
        "DisableExecuteApiEndpoint",
    ),
    (
        "ApiKeySelectionExpression",
        ONE,
        "ApiKeySelectionExpression",
    ),
    ("RouteSelectionExpression", ONE, "RouteSelectionExpression"),
    ("DisableSchemaValidation", ONE, "DisableSchemaValidation"),
    ("IpAddressType", ONE, "IpAddressType"),
    ("Tags", MAP, "Tags"),
    ("PropagateTags", ONE, ""),
    ("Routes", MAP, ""),
    ("Auth", MAP, ""),
    ("StageName", ONE, ""),
    ("StageVariables", MAP, ""),
    ("Domain", MAP, ""),
    ("AccessLogSettings", MAP, ""),
    ("DefaultRouteSettings", MAP, ""),
    ("RouteSettings", MAP, ""),
];

const TABLE: &[Property] = &[
    ("TableName", ONE, "TableName"),
    ("SSESpecification", MAP, "SSESpecification"),
    (
        "PointInTimeRecoverySpecification",
        MAP,
        "PointInTimeRecoverySpecification",
    ),
    ("PrimaryKey", MAP, ""),
    ("ProvisionedThroughput", MAP, ""),
    ("Tags", MAP, ""),
];

const LAYER: &[Property] = &[
    ("LayerName", ONE, "LayerName"),
    ("Description", ONE, "Description"),
    ("LicenseInfo", ONE, "LicenseInfo"),
    ("CompatibleRuntimes", LIST, "CompatibleRuntimes"),
    ("CompatibleArchitectures", LIST, "CompatibleArchitectures"),
    ("ContentUri", ONE | MAP, ""),
    ("PublishLambdaVersion", ONE, ""),
    ("RetentionPolicy", ONE, ""),
];

const STATE_MACHINE: &[Property] = &[
    ("Name", ONE, "StateMachineName"),
    ("Type", ONE, "StateMachineType"),
    ("Logging", MAP, "LoggingConfiguration"),
    ("Tracing", MAP, "TracingConfiguration"),
    ("Definition", MAP, "Definition"),
    ("DefinitionString", ONE, "DefinitionString"),
    ("DefinitionSubstitutions", MAP, "DefinitionSubstitutions"),
    ("DefinitionUri", ONE | MAP, "DefinitionUri"),
    ("EncryptionConfiguration", MAP, "EncryptionConfiguration"),
    ("Tags", MAP, ""),
    ("PropagateTags", ONE, ""),
    ("Role", ONE, ""),
    ("RolePath", ONE, ""),
    ("PermissionsBoundary", ONE, ""),
    ("Policies", ONE | MAP | LIST, ""),
    ("Events", MAP, ""),
    ("AutoPublishAlias", ONE, ""),
    ("UseAliasAsEventTarget", ONE, ""),
    ("DeploymentPreference", MAP, ""),
];

const GRAPHQL_API: &[Property] = &[
    ("Name", ONE, "Name"),
    ("XrayEnabled", ONE, "XrayEnabled"),
    ("LambdaAuthorizerConfig", MAP, "LambdaAuthorizerConfig"),
    ("OwnerContact", ONE, "OwnerContact"),
    ("IntrospectionConfig", ONE, "IntrospectionConfig"),
    ("QueryDepthLimit", ONE, "QueryDepthLimit"),
    ("ResolverCountLimit", ONE, "ResolverCountLimit"),
    ("Visibility", ONE, "Visibility"),
    ("Tags", MAP, ""),
    ("Auth", MAP, ""),
    ("Logging", ONE | MAP, ""),
    ("SchemaInline", ONE, ""),
    ("SchemaUri", ONE, ""),
    ("ApiKeys", MAP, ""),
    ("Cache", MAP, ""),
    ("DataSources", MAP, ""),
    ("Functions", MAP, ""),
    ("Resolvers", MAP, ""),
    ("DomainName", MAP, ""),
];

const CONNECTOR: &[Property] = &[
    ("Source", MAP, ""),
    ("Destination", MAP | LIST, ""),
    ("Permissions", LIST, ""),
];

const CAPACITY_PROVIDER: &[Property] = &[
    ("CapacityProviderName", ONE, "CapacityProviderName"),
    ("VpcConfig", MAP, "VpcConfig"),
    ("InstanceRequirements", MAP, "InstanceRequirements"),
    ("ScalingConfig", MAP, "CapacityProviderScalingConfig"),
    ("KmsKeyArn", ONE, "KmsKeyArn"),
    ("OperatorRole", ONE, ""),
    ("Tags", MAP, ""),
    ("PropagateTags", ONE, ""),
];
