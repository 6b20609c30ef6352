namespace Pasteur.Web.Pages;

/// <summary>The page on which a visitor reports a paste.</summary>
public sealed class ReportPageModel(Frame frame, string code)
{
    public Frame Frame => frame;

    public string Code => code;

    /// <summary>Where the form goes.</summary>
    public required string Action { get; init; }

    public required string Paste { get; init; }

    public required int MaxLength { get; init; }

    public string? Reason { get; init; }

    public bool IsDone { get; init; }

    public FormRefusal? Refusal { get; init; }
}

/// <summary>The pages of whoever runs the site.</summary>
public sealed class AdminPageModel(Frame frame, string action)
{
    public Frame Frame => frame;

    public string Action => action;

    /// <summary>Null: whoever asks has not shown the token yet.</summary>
    public string? Proof { get; init; }

    /// <summary>What came of the last command.</summary>
    public string? Said { get; init; }

    public bool HasFailed { get; init; }

    public IReadOnlyList<AdminReportModel> Reports { get; init; } = [];

    public string Blocked { get; init; } = "";

    public string Bans { get; init; } = "";
}

public sealed class AdminReportModel(string code, string link, string time, string reason)
{
    public string Code => code;

    public string Link => link;

    public string Time => time;

    public string Reason => reason;
}
