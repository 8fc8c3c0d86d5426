// What the benchmarks measure streaming beside: the least that a Worker can do with a download.
export default {
  fetch: (request) => fetch(new URL(request.url).searchParams.get("from")),
};
