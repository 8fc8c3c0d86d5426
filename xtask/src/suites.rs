use crate::workspace::Workspace; pub fn run(_w:&Workspace)->anyhow::Result<()>{Ok(())}
pub fn bench(_w:&Workspace)->anyhow::Result<()>{Ok(())}
