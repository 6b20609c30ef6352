using System.Globalization;
using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Tests.Support;

/// <summary>Folders in folders, deeper than anybody may go down by recursion, with a file before and one behind them.</summary>
internal static class DeepTree
{
    /// <summary>Makes a commit of it on a branch of its own.</summary>
    public static ObjectId CommitTo(StockRepository stock, int depth)
    {
        var path = string.Concat(Enumerable.Repeat("d/", depth)) + "f";
        var files = string.Concat(((string[])["a", path, "z"]).Select(static name => $"M 100644 inline {name}\ndata 6\nbeside\n"));
        var script = string.Create(CultureInfo.InvariantCulture, $"commit refs/heads/deep\ncommitter O <o@example.org> 1700000000 +0000\ndata 1\nx\n{files}");
        stock.GitBytes(Encoding.ASCII.GetBytes(script), "fast-import", "--quiet");
        return ObjectId.Parse(stock.Git("rev-parse", "deep"));
    }
}
