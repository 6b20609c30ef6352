using System.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Pasteur.Pastes;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

/// <summary>
/// Makes HTML of pasted Markdown (CommonMark with tables, task lists and strikethrough). What a stranger wrote stays harmless: HTML in
/// it is text, links lead where <see cref="MarkdownAddress"/> lets them, and nothing is loaded but pictures of the same paste.
/// </summary>
internal static class MarkdownHtml
{
    /// <summary>Nothing that lets a text set attributes ("generic attributes") or write HTML.</summary>
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).Build();

    /// <summary>The text as HTML; null when it is nested so deeply that no reader could mean it.</summary>
    public static EscapedText? Render(ReadOnlySpan<byte> utf8, MarkdownAddress addresses, Words words)
    {
        try
        {
            var document = Markdown.Parse(Encoding.UTF8.GetString(utf8), Pipeline);
            Tame(document, addresses, words);
            using var html = new StringWriter();
            var renderer = new HtmlRenderer(html);
            Pipeline.Setup(renderer);
            renderer.Render(document);
            return new EscapedText(Encoding.UTF8.GetBytes(html.ToString()));
        }
        catch (ArgumentException)
        {
            // The only sign that Markdig gives of its bound on nesting.
            return null;
        }
    }

    private static void Tame(MarkdownDocument document, MarkdownAddress addresses, Words words)
    {
        foreach (var node in document.Descendants().ToArray())
        {
            switch (node)
            {
                // The page has a heading already.
                case HeadingBlock heading: heading.Level = Math.Min(heading.Level + 1, 6); break;
                case FencedCodeBlock code: Tame(code); break;
                case Table table: Align(table); break;
                case TaskList task: task.GetAttributes().AddProperty("aria-label", task.Checked ? words["paste.done"] : words["paste.to-do"]); break;
                case LinkInline link: Tame(link, addresses); break;
                case AutolinkInline link when addresses.OfLink(link.IsEmail ? "mailto:" + link.Url : link.Url) is null:
                    link.ReplaceBy(new LiteralInline(link.Url));
                    break;
                case AutolinkInline link: Mark(link); break;
            }
        }
    }

    /// <summary>By classes: styles that stand in the page are not allowed by its policy.</summary>
    private static void Align(Table table)
    {
        var classes = table.ColumnDefinitions.Select(column => column.Alignment switch { TableColumnAlign.Center => "center", TableColumnAlign.Right => "right", _ => null }).ToArray();
        foreach (var column in table.ColumnDefinitions) column.Alignment = null;
        foreach (var row in table.OfType<TableRow>())
        {
            for (var n = 0; n < row.Count && n < classes.Length; n++)
            {
                if (classes[n] is { } side) row[n].GetAttributes().AddClass(side);
            }
        }
    }

    /// <summary>The page's script colours a block whose language it knows by this class.</summary>
    private static void Tame(FencedCodeBlock code)
    {
        var attributes = code.GetAttributes();
        attributes.Classes?.Clear();
        if (Languages.Find(code.Info) is { IsHighlighted: true } language) attributes.AddClass("language-" + language.Id);
    }

    private static void Tame(LinkInline link, MarkdownAddress addresses)
    {
        link.GetDynamicUrl = null;
        if (link.IsImage && addresses.OfPicture(link.Url) is { } picture)
        {
            link.Url = picture;
            return;
        }
        // What would be loaded from elsewhere becomes a link, for the reader to follow or not.
        if (link.IsImage && link.FirstChild is null) link.AppendChild(new LiteralInline(link.Url ?? ""));
        link.IsImage = false;
        if (!IsInLink(link) && addresses.OfLink(link.Url) is { } address)
        {
            link.Url = address;
            Mark(link);
            return;
        }
        link.ReplaceBy(new ContainerInline());
    }

    private static bool IsInLink(LinkInline link)
    {
        for (var outer = link.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is LinkInline { IsImage: false }) return true;
        }
        return false;
    }

    private static void Mark(IMarkdownObject link) => link.GetAttributes().AddProperty("rel", "nofollow noopener noreferrer");
}
