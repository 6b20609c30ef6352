namespace Pasteur.Web.Requests;

/// <summary>The last part of a paste's address: its code, and what may follow a dot.</summary>
internal readonly record struct PasteTarget(string Code, string? Ending)
{
    public static PasteTarget Of(HttpContext context)
    {
        var name = (string)context.GetRouteValue("id")!;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new PasteTarget(name, null) : new PasteTarget(name[..dot], name[(dot + 1)..]);
    }
}
