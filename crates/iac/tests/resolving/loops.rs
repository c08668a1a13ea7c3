use crate::{check, check_all};

#[test]
fn a_loop_makes_as_many_resources_as_it_has_values() {
    check(
        "Transform: AWS::LanguageExtensions\nResources:\n  'Fn::ForEach::Topics':\n    - Name\n    - [A, 'b-1']\n    - 'Topic&{Name}':\n        Type: AWS::SNS::Topic\n        Properties: {TopicName: !Sub '${Name}.fifo', Own: !Ref Name, Plain: 'x${Name}', Arn: !GetAtt 'Topic&{Name}.Arn'}\n",
        "a: CloudFormation
         TopicA AWS::SNS::Topic {TopicName: 'A.fifo', Own: 'A', Plain: 'xA', Arn: '${TopicA.Arn}'}
         Topicb1 AWS::SNS::Topic {TopicName: 'b-1.fifo', Own: 'b-1', Plain: 'xb-1', Arn: '${Topicb1.Arn}'}",
    );
}

#[test]
fn loops_go_through_parameters_and_stand_inside_each_other() {
    let template = "Transform: AWS::LanguageExtensions\nParameters:\n  Names: {Type: CommaDelimitedList}\nConditions:\n  'Fn::ForEach::C':\n    - N\n    - [A]\n    - 'Is${N}': !Equals [!Ref N, A]\nResources:\n  'Fn::ForEach::Outer':\n    - X\n    - !Ref Names\n    - 'Fn::ForEach::Inner':\n        - Y\n        - [1]\n        - 'R${X}${Y}':\n            Type: T::T::T\n            Condition: IsA\n            Properties:\n              'Fn::ForEach::P': [Z, [k, l], {'P${Z}': !Ref Z}]\nOutputs:\n  'Fn::ForEach::O':\n    - X\n    - [A]\n    - 'O${X}': {Value: !Ref X}\n";
    check_all(
        &[("t/a.yaml", template)],
        &[("Names", "A,B")],
        "a: CloudFormation
         RA1 T::T::T {Pk: 'k', Pl: 'l'}
         RB1 T::T::T {Pk: 'k', Pl: 'l'}
         output OA = 'A'",
    );
    check(
        "Transform: AWS::LanguageExtensions\nParameters:\n  Names: {Type: CommaDelimitedList}\nResources:\n  'Fn::ForEach::Outer': [X, !Ref Names, {'R${X}': {Type: T::T::T}}]\n",
        "a: CloudFormation\nR* T::T::T {}\n# unknown-loop at 5: what `Fn::ForEach::Outer` goes through is not known",
    );
}
