using System.Text;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>What a server said beside the protocol, as one bounded line that steers no terminal.</summary>
internal static class RemoteWords
{
    public static string Clean(string text)
    {
        var line = string.Join(' ', text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return string.Concat(line.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));
    }

    public static string Clean(ReadOnlySpan<byte> utf8) => Clean(Encoding.UTF8.GetString(utf8));
}
