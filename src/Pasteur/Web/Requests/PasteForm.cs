using System.Globalization;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Envelopes;
using Pasteur.Pastes;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Requests;

/// <summary>What a client wants pasted, and how it wants to look at it. Collects fields in the order of the request.</summary>
internal sealed class PasteForm(FormRules rules, LineEnds lineEnds, FormPurpose purpose = FormPurpose.NewPaste)
{
    private const string FieldOf0x0 = "file";

    private readonly List<NewFile> _files = [];
    private ReadOnlyMemory<byte> _text;
    private string? _name;
    private string? _author;
    private string? _comment;
    private string? _language;
    private long _bytes;
    private bool _isEncrypted;
    private bool _hasLanguage;
    private string? _nextName;
    private string? _origin;
    private string? _expires;
    private bool _isAs0x0;
    private Expiry? _expiry;
    private string? _reads;
    private string? _proofHash;
    private int? _readCount;
    private readonly List<string> _kept = [];

    /// <summary>The first thing wrong with it; null while it can be stored.</summary>
    public FormProblem? Problem { get; private set; }

    public bool LineNumbers { get; private set; }

    /// <summary>It has to be opened, and the way it is shown is not for an address to say.</summary>
    public bool Burns => _readCount is not null;

    public bool Raw { get; private set; }

    /// <summary>The owner's token as it came; checked by whoever holds the paste.</summary>
    public string? Token { get; private set; }

    /// <summary>What an edit was made of.</summary>
    public string? Base { get; private set; }

    /// <summary>0x0.st's way to delete.</summary>
    public bool IsDeletion { get; private set; }

    /// <summary>Who pastes without JavaScript may want to see the token, which a redirect would hide.</summary>
    public bool ShowsToken { get; private set; }

    public string? Language => _isEncrypted ? null : Languages.Find(_language)?.Id;

    /// <param name="name">The field's name.</param>
    /// <param name="value">Stays the caller's buffer: it must outlive the paste's creation, and line ends may be changed in it.</param>
    public void AddField(ReadOnlySpan<char> name, Memory<byte> value)
    {
        switch (FieldNames.Role(name))
        {
            case FieldRole.Content:
                _isAs0x0 |= name is FieldOf0x0;
                AddFile(_nextName, lineEnds == LineEnds.OfBrowserForm ? value[..NewLines.ToUnix(value.Span)] : value);
                _nextName = null;
                break;
            case FieldRole.FileName:
                _name = Short(name, value, Limits.MaxFileNameLength);
                break;
            case FieldRole.Title:
                AddTitle(Short(name, value, Limits.MaxCommentLength));
                break;
            case FieldRole.Author:
                _author = Short(name, value, Limits.MaxAuthorLength);
                break;
            case FieldRole.Comment:
                _comment = Short(name, value, Limits.MaxCommentLength);
                break;
            case FieldRole.Language:
                _language = Short(name, value, Limits.MaxFileNameLength);
                _hasLanguage = true;
                break;
            case FieldRole.LineNumbers:
                LineNumbers = Truth.Of(value.Span);
                break;
            case FieldRole.Raw:
                Raw = Truth.Of(value.Span);
                break;
            case FieldRole.Encrypted:
                AddEncrypted(value.Span);
                break;
            case FieldRole.NextName:
                _nextName = Short(name, value, Limits.MaxFileNameLength);
                break;
            case FieldRole.Token:
                // One that is too long is a wrong one.
                Token = value.Length <= Limits.MaxTokenFieldBytes ? Encoding.UTF8.GetString(value.Span).Trim() : "";
                break;
            case FieldRole.Base:
                Base = value.IsEmpty ? null : Short(name, value, Limits.MaxTagLength);
                break;
            case FieldRole.Keep:
                if (Short(name, value, Limits.MaxFileNameLength) is { } kept && _kept.Count < Limits.MaxFilesPerPaste) _kept.Add(kept);
                break;
            case FieldRole.Delete:
                IsDeletion = true;
                break;
            case FieldRole.Origin:
                _origin = value.IsEmpty ? null : Short(name, value, Limits.LongestIdLength);
                break;
            case FieldRole.ShowToken:
                ShowsToken = Truth.Of(value.Span);
                break;
            case FieldRole.Expires:
                _expires = value.Span.ContainsAnyExcept((byte)' ') ? Short(name, value, Limits.MaxExpiryLength) : null;
                break;
            case FieldRole.Burn:
                if (Truth.Of(value.Span)) _reads ??= "1";
                break;
            case FieldRole.Reads:
                if (value.Span.ContainsAnyExcept((byte)' ')) _reads = Short(name, value, Limits.MaxFileNameLength)?.Trim();
                break;
            case FieldRole.ProofHash:
                _proofHash = value.IsEmpty ? null : Short(name, value, Limits.MaxFileNameLength);
                break;
            case null:
                break;
        }
    }

    /// <summary>A field that stands in the address: for bodies that are the bare text. What is pasted never does.</summary>
    public void AddOption(string name, string value)
    {
        var role = FieldNames.Role(name);
        if (role is FieldRole.Content) return;
        // "?ln" alone says yes, as it does on a page's address.
        var isBareSwitch = value.Length == 0 && role is FieldRole.LineNumbers or FieldRole.Raw or FieldRole.Burn;
        AddField(name, Encoding.UTF8.GetBytes(isBareSwitch ? "true" : value));
    }

    /// <summary>A file that came in a field of this name.</summary>
    public void AddFile(ReadOnlySpan<char> field, string? name, ReadOnlyMemory<byte> content)
    {
        _isAs0x0 |= field is FieldOf0x0;
        AddFile(name, content);
    }

    /// <summary>A file with a name, or text without one. Empty ones are what a form sends for controls left alone.</summary>
    public void AddFile(string? name, ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty) return;
        if (name is null && _text.IsEmpty) _text = content;
        _bytes += content.Length;
        if (_bytes > rules.MaxPasteBytes) Problem ??= new FormProblem(Errors.ErrorKind.TooLarge, TooLarge(rules.MaxPasteBytes));
        else if (_files.Count == Limits.MaxFilesPerPaste) RefuseFiles();
        else _files.Add(new NewFile(name, content));
    }

    private void RefuseFiles() => Refuse(words => words.Fill("refused.files", ("count", Number(Limits.MaxFilesPerPaste))));

    public void Refuse(Phrase detail) => Problem ??= new FormProblem(Errors.ErrorKind.Malformed, detail);

    /// <summary>Only to be asked when there is no <see cref="Problem"/>.</summary>
    public NewPaste ToPaste() => _isEncrypted ? ToEnvelope() : new()
    {
        Files = _name is null ? _files : [.. _files.Select((file, i) => i == 0 && file.Name is null ? file with { Name = _name } : file)],
        Author = _author,
        Comment = _comment,
        Language = Language,
        Origin = _origin,
        Expires = (_expiry as Expiry.At)?.Time,
        Stays = _expiry is Expiry.Never,
        Reads = _readCount,
    };

    /// <summary>The request's buffer goes back to its pool: what is shown again must not lie in it.</summary>
    public void Detach()
    {
        for (var i = 0; i < _files.Count; i++) _files[i] = _files[i] with { Content = purpose == FormPurpose.Edit ? _files[i].Content.ToArray() : _files[i].Content };
    }

    /// <summary>What was typed, name by name: for the form to be shown again. Null for other clients, which are told in a line.</summary>
    public IReadOnlyList<NewFile>? Texts => lineEnds == LineEnds.OfBrowserForm ? [.. _files.Where(file => MediaTypes.Of(file.Content.Span) == MediaTypes.Text)] : null;

    public IReadOnlyList<string> Kept => _kept;

    /// <summary>When it ends, as it was said.</summary>
    public string? Expires => _expires;

    public string? Author => _author;

    public string? Comment => _comment;

    /// <summary>The same as what the owner of a paste wants it to be.</summary>
    public PasteEdit ToEdit() => new()
    {
        Token = Token,
        Base = Base,
        Kept = _kept,
        Ends = _expiry,
        KeepsLanguage = !_hasLanguage,
        IsFromTextAreas = lineEnds == LineEnds.OfBrowserForm,
        Paste = ToPaste(),
    };

    /// <summary>
    /// What a browser sent, for the form to be shown again: all but its files. Null for other clients, which are told in a line, and
    /// when there was no text.
    /// </summary>
    public FormDraft? ToDraft()
    {
        if (lineEnds != LineEnds.OfBrowserForm || _text.IsEmpty || MediaTypes.Of(_text.Span) != MediaTypes.Text) return null;
        return new FormDraft
        {
            Text = TextHtml.ForTextArea(_text.Span),
            Language = Language,
            Author = _author,
            Comment = _comment,
            LineNumbers = LineNumbers,
            Raw = Raw,
            Origin = _origin,
            Expires = _expires,
            Reads = _reads,
            HadFiles = _files.Exists(file => file.Name is not null),
        };
    }

    /// <summary>To be called when all fields are in.</summary>
    public void Complete()
    {
        if (purpose == FormPurpose.Deletion) return;
        var mayBeEmpty = purpose == FormPurpose.Edit && (_kept.Count > 0 || IsDeletion || _expires is not null);
        if (_files.Count == 0 && !mayBeEmpty) Refuse(words => words["refused.empty"]);
        if (_files.Count + _kept.Count > Limits.MaxFilesPerPaste) RefuseFiles();
        CompleteReads();
        CompleteExpiry();
        if (!_isEncrypted) return;
        if (_files is not [{ Content: var content }] || !EnvelopeMark.Is(content.Span))
            Refuse(words => words["refused.no-envelope"]);
        else if (!EnvelopeMark.IsKnown(content.Span))
            Refuse(words => words.Fill("refused.other-envelope", ("version", Number(EnvelopeMark.Version))));
    }

    private void CompleteReads()
    {
        if (_reads is not { } text) return;
        if (purpose == FormPurpose.Edit) Refuse(words => words["refused.reads.edit"]);
        else if (!rules.Expiry.IsTaken) Refuse(words => words["refused.expires.none"]);
        else if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > Limits.MaxReads)
            Refuse(words => words.Fill("refused.reads", ("count", Number(Limits.MaxReads))));
        else if (_isEncrypted && !ReadProof.IsHash(_proofHash)) Refuse(words => words["refused.proof-hash"]);
        else _readCount = count;
    }

    private void CompleteExpiry()
    {
        if (_expires is not { } text) return;
        // What a form says that knows of no burning: it ends when the site says.
        if (_readCount is not null && text.Trim().Equals("never", StringComparison.OrdinalIgnoreCase)) return;
        // How long a paste may live that is there already, whoever holds it knows.
        var longest = purpose == FormPurpose.Edit ? null : _readCount is null ? rules.Expiry.Max : rules.Expiry.MaxOfBurning;
        _expiry = Expiry.Parse(text, rules.Expiry with { Max = longest }, rules.Now(), _isAs0x0);
        switch (_expiry)
        {
            case Expiry.At when !rules.Expiry.IsTaken:
                Refuse(words => words["refused.expires.none"]);
                break;
            case Expiry.NotATime:
                Refuse(words => words["refused.expires.no-time"]);
                break;
            case Expiry.Past:
                Refuse(words => words["refused.expires.past"]);
                break;
            case Expiry.TooLate:
                Refuse(words => words.Fill("refused.expires.late", ("time", words.Duration(longest ?? Limits.LongestLife))));
                break;
        }
    }

    public static string TooManyFields(Words words) => words.Fill("refused.fields", ("count", Number(Limits.MaxFormFields)));

    public static Phrase TooLarge(int maxPasteBytes) => words => words.Fill("refused.too-large", ("size", words.Size(maxPasteBytes)));

    /// <summary>pastebinit's title is often a file's name, and then it serves as one; else it says what a comment does.</summary>
    private void AddTitle(string? title)
    {
        if (string.IsNullOrWhiteSpace(title)) return;
        if (Path.GetExtension(title).Length is > 1 and < 12 && !title.Any(char.IsWhiteSpace)) _name ??= title;
        else _comment ??= title;
    }

    /// <summary>An envelope says nothing of what is inside: a language or a file's name that came beside it is dropped.</summary>
    private NewPaste ToEnvelope() => new()
    {
        Files = [new NewFile(EnvelopeMark.FileName, _files[0].Content)],
        Author = _author,
        Comment = _comment,
        EnvelopeVersion = EnvelopeMark.Version,
        Origin = _origin,
        Expires = (_expiry as Expiry.At)?.Time,
        Stays = _expiry is Expiry.Never,
        Reads = _readCount,
        ProofHash = _readCount is null ? null : _proofHash,
    };

    /// <summary>What was to be encrypted and is not must never be stored: any word that is neither the version's nor "no" is refused.</summary>
    private void AddEncrypted(ReadOnlySpan<byte> value)
    {
        if (!Truth.Of(value)) return;
        if (value.SequenceEqual(EnvelopeMark.VersionWord)) _isEncrypted = true;
        else Refuse(words => words["refused.not-sealed"]);
    }

    private string? Short(ReadOnlySpan<char> name, ReadOnlyMemory<byte> value, int maxLength)
    {
        // A character takes at most four bytes, so what is longer needs no decoding to be refused.
        if (value.Length <= 4 * maxLength && Encoding.UTF8.GetString(value.Span) is var text && text.Length <= maxLength) return text;
        RefuseLong(name.ToString(), maxLength);
        return null;
    }

    private void RefuseLong(string name, int maxLength) =>
        Refuse(words => words.Fill("refused.long", ("name", name), ("count", Number(maxLength))));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a site allows.</summary>
internal sealed record FormRules(int MaxPasteBytes, ExpirySettings Expiry)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public DateTimeOffset Now() => Time.GetUtcNow();
}

/// <summary>What a form is to bring.</summary>
internal enum FormPurpose
{
    NewPaste,
    Edit,

    /// <summary>Nothing but the owner's token.</summary>
    Deletion,
}

/// <summary>Why a form can't be stored.</summary>
internal sealed record FormProblem(Errors.ErrorKind Kind, Phrase Detail);
