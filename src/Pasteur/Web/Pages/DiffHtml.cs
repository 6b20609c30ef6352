using System.Buffers;
using System.Text.Unicode;
using Pasteur.Comparing;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

/// <summary>Makes the rows of a comparison's table. What stands in the texts is escaped as everywhere.</summary>
internal sealed class DiffHtml(TextLines old, TextLines @new, Words words)
{
    private readonly ArrayBufferWriter<byte> _html = new(64 * 1024);

    /// <param name="isSideBySide">Each row has both sides; else what is gone and what has come follow each other.</param>
    public EscapedText Make(IEnumerable<DiffRow> rows, bool isSideBySide)
    {
        foreach (var row in rows)
        {
            _html.Write("<tr>"u8);
            if (row.Skipped > 0) Skip(row.Skipped);
            else if (isSideBySide) Sides(row);
            else Line(row);
            _html.Write("</tr>\n"u8);
        }
        return new EscapedText(_html.WrittenMemory);
    }

    private void Skip(int lines)
    {
        _html.Write("<td class=\"gap\" colspan=\"4\">"u8);
        TextHtml.AppendTo(_html, System.Text.Encoding.UTF8.GetBytes(words.Count("diff.same-lines", lines)));
        _html.Write("</td>"u8);
    }

    private void Sides(DiffRow row)
    {
        Number(row.Old);
        Text(old, row.Old, row.IsChange, isOld: true);
        Number(row.New);
        Text(@new, row.New, row.IsChange, isOld: false);
    }

    private void Line(DiffRow row)
    {
        Number(row.Old);
        Number(row.New);
        _html.Write(!row.IsChange ? "<td class=\"sign\"></td>"u8 : row.Old is null ? "<td class=\"sign\">+</td>"u8 : "<td class=\"sign\">−</td>"u8);
        if (row.Old is not null) Text(old, row.Old, row.IsChange, isOld: true);
        else Text(@new, row.New, row.IsChange, isOld: false);
    }

    private void Number(int? line)
    {
        if (line is not { } place)
        {
            _html.Write("<td class=\"number\"></td>"u8);
            return;
        }
        Utf8.TryWrite(_html.GetSpan(64), $"<td class=\"number\">{place + 1}</td>", out var written);
        _html.Advance(written);
    }

    private void Text(TextLines text, int? line, bool isChange, bool isOld)
    {
        if (line is not { } place)
        {
            _html.Write("<td class=\"none\"></td>"u8);
            return;
        }
        _html.Write(!isChange ? "<td>"u8 : isOld ? "<td class=\"gone\"><del>"u8 : "<td class=\"come\"><ins>"u8);
        var content = text[place].Span;
        var hasEnd = content is [.., (byte)'\n'];
        if (hasEnd) content = content[..^1];
        var hasReturn = content is [.., (byte)'\r'];
        TextHtml.AppendTo(_html, hasReturn ? content[..^1] : content);
        // What can't be seen is what has changed, perhaps.
        if (isChange && hasReturn) _html.Write("<i>␍</i>"u8);
        if (isChange)
        {
            _html.Write(isOld ? "</del>"u8 : "</ins>"u8);
            if (!hasEnd) NoEnd();
        }
        _html.Write("</td>"u8);
    }

    private void NoEnd()
    {
        _html.Write(" <i>"u8);
        TextHtml.AppendTo(_html, System.Text.Encoding.UTF8.GetBytes(words["diff.no-end"]));
        _html.Write("</i>"u8);
    }
}
