namespace Pasteur.Pastes;

/// <summary>Of a paste that asks before it opens: how often it may be opened, and was.</summary>
/// <param name="ReadBy">A <see cref="ReadMark"/> for each time.</param>
/// <param name="ProofHash">Of what has to be shown for it; null: nothing.</param>
internal sealed record Burning(int Reads, IReadOnlyList<string> ReadBy, string? ProofHash)
{
    public int Left => Math.Max(0, Reads - ReadBy.Count);

    public bool IsBurnt => Left == 0;

    /// <summary>Null for what may be read as often as anybody likes. Whoever may push can write any number.</summary>
    public static Burning? Of(PasteJson? description) =>
        description?.Reads is { } reads ? new Burning(reads, description.ReadBy ?? [], description.ProofHash) : null;

    /// <summary>Whether this mark is of somebody who came before it was burnt.</summary>
    public bool WasOpenedBy(string mark)
    {
        for (var i = 0; i < ReadBy.Count && i < Reads; i++)
            if (ReadBy[i] == mark) return true;
        return false;
    }
}
