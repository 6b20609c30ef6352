using System.Text;
using CsCheck;
using Pasteur.Envelopes;

namespace Pasteur.Tests.Envelopes;

public sealed class EnvelopeTests
{
    private static readonly EnvelopeContent s_content = new([File("a.ml", "let x = 1\n"), File("b", "")], "ocaml");

    private static readonly Gen<EnvelopeContent> s_contents = Gen.Select(
        Gen.Select(Gen.String[Gen.Char['\0', '\ud7ff'], 0, 40], Gen.Byte.Array[0, 3000], (name, bytes) => new EnvelopeFile(name, bytes)).Array[1, 5],
        Gen.Bool,
        (files, isOcaml) => new EnvelopeContent(files, isOcaml ? "ocaml" : null));

    public static TheoryData<string> Vectors => [.. EnvelopeVector.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_of_another_implementation_opens_or_fails_as_it_says(string name)
    {
        var vector = EnvelopeVector.Of(name);

        var outcome = Envelope.Open(vector.Envelope, vector.Key, vector.Passphrase);

        if (vector.Fails is { } expected)
        {
            Assert.Equal(expected, Assert.IsType<EnvelopeOutcome.Failed>(outcome).Failure.ToString().ToLowerInvariant());
            return;
        }
        var content = Assert.IsType<EnvelopeOutcome.Opened>(outcome).Content;
        Assert.Equal(vector.Language, content.Language);
        Assert.Equal(vector.Files!.Select(file => (file.Name, file.Hex)), content.Files.Select(file => (file.Name, Convert.ToHexStringLower(file.Bytes.Span))));
    }

    [Fact]
    public void The_proof_is_that_of_the_other_implementation_and_opens_what_its_hash_guards()
    {
        var vectors = EnvelopeVector.All.Where(vector => vector.Proof is not null).ToList();
        Assert.NotEmpty(vectors);
        foreach (var vector in vectors)
        {
            var key = EnvelopeKey.Parse(vector.Key)!;
            Assert.Equal(vector.Proof, EnvelopeKeys.ProofOf(key));
            Assert.True(Pasteur.Pastes.ReadProof.Opens(vector.Proof, EnvelopeKeys.ProofHashOf(key)));
            Assert.False(Pasteur.Pastes.ReadProof.Opens(EnvelopeKeys.ProofHashOf(key), EnvelopeKeys.ProofHashOf(key)));
        }
    }

    [Fact]
    public void Whatever_is_sealed_opens_with_its_key_alone() => s_contents.Sample(content =>
    {
        var key = EnvelopeKey.Draw();
        var envelope = Envelope.Seal(content, key, passphrase: null);

        AssertSame(content, Envelope.Open(envelope, key.Reveal(), passphrase: "of no use"));
        AssertFails(EnvelopeFailure.Sealed, Envelope.Open(envelope, EnvelopeKey.Draw().Reveal(), null));
        Assert.Equal(0, envelope.AsSpan().IndexOf("PstrEnv\n\u0001\0"u8));
    }, iter: 200);

    [Fact]
    public void What_has_a_passphrase_opens_with_key_and_passphrase_alone()
    {
        var key = EnvelopeKey.Draw();
        var envelope = Envelope.Seal(s_content, key, "pâté");

        AssertSame(s_content, Envelope.Open(envelope, key.Reveal(), "pa\u0302te\u0301"));
        AssertFails(EnvelopeFailure.Passphrase, Envelope.Open(envelope, key.Reveal(), null));
        AssertFails(EnvelopeFailure.Passphrase, Envelope.Open(envelope, key.Reveal(), ""));
        AssertFails(EnvelopeFailure.Sealed, Envelope.Open(envelope, key.Reveal(), "pate"));
        AssertFails(EnvelopeFailure.Sealed, Envelope.Open(envelope, EnvelopeKey.Draw().Reveal(), "pâté"));
        AssertFails(EnvelopeFailure.Key, Envelope.Open(envelope, null, "pâté"));
    }

    [Fact]
    public void Every_flipped_bit_fails_as_documented()
    {
        var key = EnvelopeKey.Draw();
        var envelope = Envelope.Seal(s_content, key, passphrase: null);
        for (var bit = 0; bit < envelope.Length * 8; bit++)
        {
            var changed = (byte[])envelope.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            // The lowest flag says that there is a passphrase: then one is asked for, and none will fit.
            var expected = bit switch
            {
                < 8 * 8 => EnvelopeFailure.None,
                9 * 8 => EnvelopeFailure.Passphrase,
                < 10 * 8 => EnvelopeFailure.Newer,
                _ => EnvelopeFailure.Sealed,
            };
            AssertFails(expected, Envelope.Open(changed, key.Reveal(), null));
        }
    }

    [Fact]
    public void Every_cut_fails_as_documented()
    {
        var key = EnvelopeKey.Draw();
        var envelope = Envelope.Seal(s_content, key, passphrase: null);
        for (var length = 0; length < envelope.Length; length++)
        {
            var expected = length < 8 ? EnvelopeFailure.None : length < 38 ? EnvelopeFailure.Cut : EnvelopeFailure.Sealed;
            AssertFails(expected, Envelope.Open(envelope.AsSpan(0, length), key.Reveal(), null));
        }
    }

    [Fact]
    public void Any_bytes_are_answered_with_a_failure() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool, Gen.String[0, 50]).Sample((bytes, isMarked, key) =>
        Assert.IsType<EnvelopeOutcome.Failed>(Envelope.Open(isMarked ? [.. "PstrEnv\n\u0001"u8, .. bytes] : bytes, key, "x")));

    [Fact]
    public void Nothing_is_sealed_twice_alike()
    {
        var key = EnvelopeKey.Draw();

        Assert.NotEqual(Envelope.Seal(s_content, key, null), Envelope.Seal(s_content, key, null));
        Assert.NotEqual(key.Reveal(), EnvelopeKey.Draw().Reveal());
        Assert.Equal("(hidden)", $"{key}");
    }

    /// <summary>An edit keeps the key. GCM with the same initialization vector twice gives both texts away, and a salt of everybody's is none.</summary>
    [Theory]
    [InlineData(null, 10)]
    [InlineData("pâté", 30)]
    public void Salt_and_initialization_vector_are_drawn_for_each_envelope(string? passphrase, int ivAt)
    {
        var key = EnvelopeKey.Draw();
        var drawn = Enumerable.Range(0, 100).Select(_ => EnvelopeHeader.Draw(withPassphrase: passphrase is not null)).ToList();
        var written = Enumerable.Range(0, 3).Select(_ => Envelope.Seal(s_content, key, passphrase)).ToList();

        Assert.All(drawn, header => Assert.Equal((12, passphrase is null ? 0 : 16), (header.Iv.Length, header.Salt.Length)));
        AssertDistinct([.. drawn.Select(header => header.Iv), .. written.Select(envelope => envelope[ivAt..(ivAt + 12)])]);
        if (passphrase is not null) AssertDistinct([.. drawn.Select(header => header.Salt), .. written.Select(envelope => envelope[10..26])]);
    }

    [Fact]
    public void Length_of_the_envelope_tells_the_highest_bits_of_the_content_alone()
    {
        var lengths = Enumerable.Range(0, 150).Select(i => Envelope.Seal(new EnvelopeContent([File("a", new string('x', i))], null), EnvelopeKey.Draw(), null).Length);

        Assert.Single(lengths.Distinct());
    }

    private static EnvelopeFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static void AssertDistinct(List<byte[]> drawn) => Assert.Equal(drawn.Count, drawn.Select(Convert.ToHexString).Distinct().Count());

    private static void AssertSame(EnvelopeContent expected, EnvelopeOutcome outcome)
    {
        var content = Assert.IsType<EnvelopeOutcome.Opened>(outcome).Content;
        Assert.Equal(expected.Language, content.Language);
        Assert.Equal(expected.Files.Select(file => file.Name), content.Files.Select(file => file.Name));
        Assert.All(expected.Files.Zip(content.Files), pair => Assert.Equal(pair.First.Bytes.ToArray(), pair.Second.Bytes.ToArray()));
    }

    private static void AssertFails(EnvelopeFailure expected, EnvelopeOutcome outcome) =>
        Assert.Equal(expected, Assert.IsType<EnvelopeOutcome.Failed>(outcome).Failure);
}
