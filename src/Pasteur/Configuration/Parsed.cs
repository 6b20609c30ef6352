using System.Diagnostics.CodeAnalysis;

namespace Pasteur.Configuration;

/// <summary>A value read from text, or what is wrong with the text and what to write instead.</summary>
internal readonly record struct Parsed<T>(T? Value, string? Problem)
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => Problem is null;
}

internal static class Parsed
{
    public static Parsed<T> Ok<T>(T value) => new(value, null);

    /// <param name="problem">Continues the sentence `--option "value" …`.</param>
    public static Parsed<T> Bad<T>(string problem) => new(default, problem);
}
