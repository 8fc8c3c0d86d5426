//! What the benchmarks measure the Worker beside: a Rust Worker that answers a constant.

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(_: Request, _: Env, _: Context) -> worker::Result<Response> {
    Response::ok("{}")
}
