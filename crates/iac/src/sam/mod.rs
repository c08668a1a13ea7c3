//! The serverless transform: each `AWS::Serverless::*` resource becomes the
//! CloudFormation resources it stands for.

use underbelly_model::SamKnowledge;

use crate::draft::StackDraft;

/// Replaces every serverless draft of a stack by what it stands for.
pub(crate) fn expand(_stack: &mut StackDraft<'_, '_>, _knowledge: &SamKnowledge) {}
