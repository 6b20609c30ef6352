using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using RazorSlices;

namespace Pasteur.Web.Pages;

/// <summary>Renders pages into memory: they are compressed and kept, and an error in one must not follow half of it.</summary>
internal static class PageRenderer
{
    public const string ContentType = "text/html; charset=utf-8";

    /// <summary>é stays é: the default encoder writes every letter outside ASCII as a reference.</summary>
    public static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static async ValueTask<byte[]> RenderAsync(RazorSlice page)
    {
        using var bytes = new MemoryStream();
        var writer = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        using (page)
        {
            await page.RenderAsync(writer, Encoder).ConfigureAwait(false);
        }
        await writer.CompleteAsync().ConfigureAwait(false);
        return bytes.ToArray();
    }
}
