-- wrk's half of tests/bench/load: GET an address, or POST the bodies of a file to it, one after another.
--   wrk ... -s wrk.lua URL [-- CONTENT-TYPE FILE lines|whole]
local requests = {}
local at = 0

function init(args)
	if args[1] == nil then
		requests[1] = wrk.format("GET")
		return
	end
	local file = assert(io.open(args[2], "rb"))
	local all = file:read("*a")
	local pattern = args[3] == "lines" and "[^\n]+" or ".+"
	for body in all:gmatch(pattern) do
		requests[#requests + 1] = wrk.format("POST", nil, { ["Content-Type"] = args[1] }, body)
	end
	file:close()
end

function request()
	at = at % #requests + 1
	return requests[at]
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format('{"n": %d, "wall_s": %f, "errors": %d, "p50_us": %d, "p99_us": %d}\n', summary.requests,
		summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50),
		latency:percentile(99)))
end
