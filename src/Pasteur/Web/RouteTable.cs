namespace Pasteur.Web;

/// <summary>
/// Finds who answers a request, by path and method. Words of a path are taken in any case and win over parameters, which take whatever is not empty; a slash at the end says
/// nothing. What the routes of a word don't answer in some method, those with a parameter in its place may.
/// </summary>
/// <remarks>The framework's routing makes of the same table, while the program starts, a graph of what it can't know to be so small: docs/decisions/0008-start.md.</remarks>
internal sealed class RouteTable
{
    private readonly Place _root = new();
    private readonly List<Route> _all = [];

    public IReadOnlyList<Route> All => _all;

    /// <param name="pattern">Such as /raw/{id}.</param>
    /// <param name="marks">What the pipeline has to know of it, such as <see cref="OpenToAll"/>.</param>
    public void Map(string pattern, string[] methods, RequestDelegate handler, params object[] marks)
    {
        var place = _root;
        var parameters = new List<Parameter>();
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var n = 0; n < segments.Length; n++)
        {
            if (segments[n] is ['{', .. var name, '}'])
            {
                parameters.Add(new Parameter(name, n));
                place = place.Parameter ??= new Place();
            }
            else
            {
                place = place.Word(segments[n]);
            }
        }
        var route = new Route(pattern, methods, [.. parameters], new Endpoint(handler, new EndpointMetadataCollection(marks), pattern));
        place.Routes.Add(route);
        _all.Add(route);
    }

    /// <summary>Puts what was found into the context: the endpoint and the values of its parameters. Of an unknown path there is none; one that knows other methods answers 405.</summary>
    public void Choose(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        List<string>? others = null;
        if (Find(_root, path, 0, context.Request.Method, ref others) is { } route)
        {
            context.SetEndpoint(route.Endpoint);
            if (route.Parameters.Length > 0) context.Request.RouteValues = Values(route.Parameters, path);
        }
        else if (others is not null)
        {
            context.SetEndpoint(Refusal(others));
        }
    }

    /// <summary>What stands at the end of the pipeline.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.RequestDelegate is { } handler) return handler(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <param name="start">Of the path's segments that are left, where the slash before the first stands.</param>
    private static Route? Find(Place place, string path, int start, string method, ref List<string>? others)
    {
        if (start >= path.Length - 1) return Answering(place, method, ref others);
        var end = EndOf(path, start);
        var segment = path.AsSpan(start + 1, end - start - 1);
        foreach (var (word, next) in place.Words)
        {
            if (segment.Equals(word, StringComparison.OrdinalIgnoreCase) && Find(next, path, end, method, ref others) is { } found) return found;
        }
        return segment.IsEmpty || place.Parameter is null ? null : Find(place.Parameter, path, end, method, ref others);
    }

    private static Route? Answering(Place place, string method, ref List<string>? others)
    {
        foreach (var route in place.Routes)
        {
            foreach (var known in route.Methods)
            {
                if (method.Equals(known, StringComparison.OrdinalIgnoreCase)) return route;
            }
        }
        foreach (var route in place.Routes) (others ??= []).AddRange(route.Methods);
        return null;
    }

    private static RouteValueDictionary Values(Parameter[] parameters, string path)
    {
        var values = new RouteValueDictionary();
        var (segment, start) = (0, 0);
        foreach (var parameter in parameters)
        {
            for (; segment < parameter.Segment; segment++) start = EndOf(path, start);
            values.Add(parameter.Name, path[(start + 1)..EndOf(path, start)]);
        }
        return values;
    }

    private static int EndOf(string path, int start) => path.IndexOf('/', start + 1) is >= 0 and var slash ? slash : path.Length;

    private static Endpoint Refusal(List<string> methods)
    {
        var allowed = string.Join(", ", methods.Distinct().Order(StringComparer.Ordinal));
        return new Endpoint(Refuse, EndpointMetadataCollection.Empty, "another method");

        Task Refuse(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = allowed;
            return Task.CompletedTask;
        }
    }

    internal sealed record Route(string Pattern, string[] Methods, Parameter[] Parameters, Endpoint Endpoint);

    /// <param name="Segment">Which one of the path it is.</param>
    internal sealed record Parameter(string Name, int Segment);

    /// <summary>Where a path has come to: what may follow, and who answers when nothing does.</summary>
    private sealed class Place
    {
        public List<(string Word, Place Next)> Words { get; } = [];

        public Place? Parameter { get; set; }

        public List<Route> Routes { get; } = [];

        public Place Word(string word)
        {
            foreach (var (known, next) in Words)
            {
                if (known == word) return next;
            }
            var place = new Place();
            Words.Add((word, place));
            return place;
        }
    }
}
