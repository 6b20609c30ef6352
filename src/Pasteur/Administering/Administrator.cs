using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Moderating;
using Pasteur.Pastes;

namespace Pasteur.Administering;

/// <summary>What came of a command: text for a terminal, or for a page.</summary>
internal sealed class AdminAnswer(bool isDone, string text)
{
    public bool IsDone => isDone;

    public string Text => text;
}

/// <summary>Does what <c>pasteur admin</c> and /admin ask for, each command a line of words.</summary>
internal sealed class Administrator(PasteStore pastes, Moderation lists)
{
    /// <summary>Returns what went wrong, or null; null itself when no certificate is looked after here.</summary>
    public Func<CancellationToken, Task<string?>>? ReplaceCertificate { get; init; }

    /// <inheritdoc cref="ReplaceCertificate"/>
    public Func<CancellationToken, Task<string?>>? ReplaceAccountKey { get; init; }

    public async Task<AdminAnswer> DoAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        try
        {
            return words switch
            {
                ["reports"] => Done(ListReports()),
                ["show", var code] => await ShowAsync(code, cancellationToken).ConfigureAwait(false),
                ["dismiss", var code] => Dismiss(code),
                ["delete", var code] => await DeleteAsync(code, cancellationToken).ConfigureAwait(false),
                ["erase", _, ..] => await EraseAsync([.. words.Skip(1)], cancellationToken).ConfigureAwait(false),
                ["block", var what] => await BlockAsync(what, cancellationToken).ConfigureAwait(false),
                ["unblock", var digest] => lists.Unblock(digest) ? Done($"{digest} is taken again\n") : NotDone($"{digest} is not blocked"),
                ["blocked"] => Done(ListBlocked()),
                ["ban", var network] => Ban(network, null),
                ["ban", var network, "for", var time] => Ban(network, time),
                ["unban", var network] => Unban(network),
                ["bans"] => Done(ListBans()),
                ["replace-certificate"] => await ReplaceAsync(ReplaceCertificate, "another certificate is served, and the one before is revoked\n", cancellationToken).ConfigureAwait(false),
                ["replace-account-key"] => await ReplaceAsync(ReplaceAccountKey, "the account has another key\n", cancellationToken).ConfigureAwait(false),
                _ => NotDone("that is no command:\n" + AdminOptions.Commands.TrimEnd()),
            };
        }
        catch (IOException e)
        {
            return NotDone($"it could not be kept: {e.Message}");
        }
    }

    private string ListReports()
    {
        var text = new StringBuilder();
        foreach (var report in lists.Reports) Append(text, report);
        return Counted(text, lists.Reports.Count, "report");
    }

    private async Task<AdminAnswer> ShowAsync(string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('@', 2);
        var code = parts[0];
        if (await pastes.FindAnyAsync(code, cancellationToken).ConfigureAwait(false) is not { } paste) return NoPaste(code);
        var count = paste.Revision.Number;
        if (parts is [_, var number])
        {
            if ((int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? pastes.AtRevision(paste, n) : null) is not { } earlier) return NotDone($"there is no revision {OneLine(number)} of {code} here; it has {Count(count, "revision")}");
            paste = earlier;
        }
        if (paste.Burns is { } burns) return NotDone($"{paste.Code} burns after {Count(burns.Left, "reading")}, and is not shown to anybody else; delete {paste.Code} takes it away unread");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"paste     {paste.Code}, revision {paste.Revision.Number} of {count}\ncreated   {Text(paste.Created)}\nauthor    {paste.Author ?? "none"}\ncomment   {OneLine(paste.Comment ?? "none")}\n");
        foreach (var file in paste.Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"file      {OneLine(file.Name)}, {file.Content.Length} bytes, {file.MediaType}\nsha256    {Moderation.DigestOf(file.Content.Span)}{(lists.IsBlocked(file.Content) ? " (blocked)" : "")}\n");
        }
        foreach (var report in lists.Reports.Where(report => report.Code == code)) Append(text, report);
        var first = paste.Files[0];
        if (paste.EnvelopeVersion is not null || !first.IsText) return Done(text.ToString());
        var shown = first.Content.Span[..Math.Min(first.Content.Length, Limits.MaxAdminShownBytes)];
        text.Append('\n');
        foreach (var line in Encoding.UTF8.GetString(shown).Split('\n')) text.Append("  ").Append(OneLine(line)).Append('\n');
        if (shown.Length < first.Content.Length) text.Append("  …\n");
        return Done(text.ToString());
    }

    private AdminAnswer Dismiss(string code) => lists.DropReports(code) is > 0 and var count ? Done($"{Count(count, "report")} of {code} taken off the list\n") : NotDone($"nothing was reported of {code}");

    private async Task<AdminAnswer> DeleteAsync(string code, CancellationToken cancellationToken)
    {
        switch (await pastes.RemoveAsync(code, cancellationToken).ConfigureAwait(false))
        {
            case ChangeOutcome.Changed changed:
                lists.DropReports(code);
                return Done($"{code} is off the site; {WhatKeeps(changed)}\n");
            case ChangeOutcome.NotOwner:
                return await pastes.FindAsync(code, cancellationToken).ConfigureAwait(false) is null ? NoPaste(code) : NotDone($"{code} was pasted to the OCaml Pasteur; remove its file from the branch with git");
            case ChangeOutcome.Unavailable unavailable:
                return NotDone($"the store takes no writes: {unavailable.Reason}");
            case ChangeOutcome.Undecided undecided:
                return NotDone($"{code} is off this site, but the remote has not confirmed it: {undecided.Reason}");
            default:
                return NotDone("too much at once; try again in a moment");
        }
    }

    private static string WhatKeeps(ChangeOutcome.Changed changed) =>
        changed.IsForgotten ? "within minutes it is taken out of the repository's history too"
        : changed.Expires is null || changed.IsInHistory ? $"the repository's history keeps it, unless you erase {changed.Id}"
        : $"the repository forgets it with all that ends in the same hour or day; erase {changed.Id} does it now";

    private async Task<AdminAnswer> EraseAsync(IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        if (pastes.Eraser is not { } eraser) return NotDone("nothing can be erased here");
        if (codes.Count > Limits.MaxErasedAtOnce) return NotDone($"that is more than {Limits.MaxErasedAtOnce} ids at once");
        var ids = new List<PasteId>();
        foreach (var code in codes.Distinct())
        {
            if (!PasteId.TryParse(code, out var id)) return NotDone($"{OneLine(code)} is no id of a paste");
            ids.Add(id);
        }
        switch (await eraser.EraseAsync(ids, cancellationToken).ConfigureAwait(false))
        {
            case EraseOutcome.Erased erased:
                foreach (var id in ids) lists.DropReports(id.ToString());
                return Done(ErasureText.Of(ids, erased));
            case EraseOutcome.Unknown unknown:
                var strange = ids.Where(id => unknown.Folders.Any(folder => Erasures.IsOf(folder, id)));
                return NotDone($"there is no paste {string.Join(", ", strange)}, and there never was one in what is here; nothing was erased");
            case EraseOutcome.Refused refused:
                return NotDone($"nothing was erased, here or there: the remote does not take it: {OneLine(refused.Reason)}");
            case EraseOutcome.Away away:
                return NotDone($"nothing was erased yet: {OneLine(away.Reason)}");
            case EraseOutcome.Unavailable unavailable:
                return NotDone($"nothing was erased: {OneLine(unavailable.Reason)}");
            default:
                throw new UnreachableException();
        }
    }

    private async Task<AdminAnswer> BlockAsync(string what, CancellationToken cancellationToken)
    {
        if (what.Length == 64 && what.All(char.IsAsciiHexDigit))
            return lists.Block(what.ToLowerInvariant(), null) ? Done($"{what} is taken no more\n") : TooMany();
        if (await pastes.FindAnyAsync(what, cancellationToken).ConfigureAwait(false) is not { } paste) return NoPaste(what);
        var text = new StringBuilder();
        var digests = new HashSet<string>(StringComparer.Ordinal);
        // Each revision has an address of its own.
        for (var number = paste.Revision.Number; number > 0; number--)
        {
            if (pastes.AtRevision(paste, number) is not { } revision)
            {
                text.Append(CultureInfo.InvariantCulture, $"revision {number} is not here, and is not shown here\n");
                continue;
            }
            foreach (var file in revision.Files)
            {
                var digest = Moderation.DigestOf(file.Content.Span);
                if (!digests.Add(digest)) continue;
                if (!lists.Block(digest, paste.Code)) return TooMany();
                text.Append(CultureInfo.InvariantCulture, $"{digest} is taken no more ({(paste.Burns is null ? OneLine(file.Name) : "of a paste that burns")})\n");
            }
        }
        text.Append(CultureInfo.InvariantCulture, $"{paste.Code} itself is still there: delete {paste.Code}\n");
        return Done(text.ToString());
    }

    private string ListBlocked()
    {
        var text = new StringBuilder();
        foreach (var content in lists.Blocked) text.Append(CultureInfo.InvariantCulture, $"{content.Digest}  {Text(content.Time)}  {content.Code}\n");
        return Counted(text, lists.Blocked.Count, "digest");
    }

    private AdminAnswer Ban(string network, string? time)
    {
        if (AddressRange.Parse(network) is not { IsOk: true, Value: var range } parsed) return NotDone($"\"{OneLine(network)}\" {AddressRange.Parse(network).Problem}");
        if (range.HasThisMachine) return NotDone($"{range} has this machine itself in it, where a proxy may be");
        if (time is null) return lists.AddBan(parsed.Value, null) ? Done($"{range} may only read\n") : TooMany();
        var duration = Quantity.ParseDuration(time, Limits.ShortestBan, Limits.LongestBan);
        if (!duration.IsOk) return NotDone($"\"{OneLine(time)}\" {duration.Problem}");
        return lists.AddBan(range, duration.Value) ? Done($"{range} may only read for {Quantity.FormatDuration(duration.Value)}\n") : TooMany();
    }

    private AdminAnswer Unban(string network)
    {
        if (AddressRange.Parse(network) is not { IsOk: true, Value: var range }) return NotDone($"\"{OneLine(network)}\" {AddressRange.Parse(network).Problem}");
        return lists.RemoveBan(range) ? Done($"{range} may write again\n") : NotDone($"{range} is not banned");
    }

    private string ListBans()
    {
        var text = new StringBuilder();
        var bans = lists.Bans;
        foreach (var ban in bans) text.Append(CultureInfo.InvariantCulture, $"{ban.Network}  {(ban.Until is { } until ? $"until {Text(until)}" : "for ever")}\n");
        return Counted(text, bans.Count, "ban");
    }

    private static async Task<AdminAnswer> ReplaceAsync(Func<CancellationToken, Task<string?>>? replace, string done, CancellationToken cancellationToken) =>
        replace is null ? NotDone("no site with --https runs on this folder") : await replace(cancellationToken).ConfigureAwait(false) is { } problem ? NotDone(OneLine(problem)) : Done(done);

    private static void Append(StringBuilder text, Report report) =>
        text.Append(CultureInfo.InvariantCulture, $"{Text(report.Time)}  {report.Code}  {OneLine(report.Reason)}\n");

    private static string Counted(StringBuilder text, int count, string what) => text.Append(Count(count, what)).Append('\n').ToString();

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ssZ", CultureInfo.InvariantCulture) ?? "unknown";

    // What somebody pasted or reported must not steer a terminal.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static AdminAnswer Done(string text) => new(true, text);

    private static AdminAnswer NotDone(string text) => new(false, text + "\n");

    private static AdminAnswer NoPaste(string code) => NotDone($"there is no paste {OneLine(code)}");

    private static AdminAnswer TooMany() => NotDone("the list is full");
}
