-- What wrk sends, by the first word behind `--`: `same` (one address again and again), `create` (a form with a text of its own each time),
-- `steady` (the same, ten a second of each client), `ending` (of a paste that ends) or `random FILE` (the page of one of the ids in a file). At the end it prints one line:
-- figures RATE P50 P99 LONGEST FAILED, times in milliseconds; failed are those without an answer or with a status above 399.

local alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

local function letters(count)
  local text = {}
  for i = 1, count do
    local at = math.random(#alphabet)
    text[i] = alphabet:sub(at, at)
  end
  return table.concat(text)
end

local kinds = {}

function kinds.same() end

-- 2,000 bytes: the last 1,980 are drawn once, so that making a request costs wrk little; the first 20 keep the texts apart.
function kinds.create()
  local rest = letters(1980)
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  request = function() return wrk.format("POST", nil, headers, "paste=" .. letters(20) .. rest) end
end

function kinds.steady()
  kinds.create()
  delay = function() return 100 end
end

-- The same, of a paste that ends.
function kinds.ending()
  local rest = letters(1980)
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  request = function() return wrk.format("POST", nil, headers, "expires=1h&paste=" .. letters(20) .. rest) end
end

function kinds.random(file)
  local ids = {}
  for id in io.lines(file) do ids[#ids + 1] = id end
  request = function() return wrk.format("GET", wrk.path .. ids[math.random(#ids)]) end
end

function init(args)
  math.randomseed(os.time())
  kinds[args[1]](args[2])
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("figures %.1f %.3f %.3f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
