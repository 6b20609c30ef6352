namespace Pasteur.Git.Journals;

/// <summary>What ties a record to the bytes that it vouches for.</summary>
/// <param name="Mark">The journal's own: see <see cref="Journal.Mark"/>.</param>
/// <param name="Start">Where in the file the batch begins: right behind the record before.</param>
/// <param name="Checksum">CRC-32 of the file from there to the record's entry.</param>
internal readonly record struct BatchSeal(string Mark, long Start, uint Checksum);
