//! What the benchmarks measure the Worker beside: a Rust Worker that answers a constant.
#![cfg(target_arch = "wasm32")]

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(_: Request, _: Env, _: Context) -> worker::Result<Response> {
    Response::ok("{}")
}
