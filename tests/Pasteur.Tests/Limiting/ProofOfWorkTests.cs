using System.Buffers.Text;
using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Limiting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Limiting;

public sealed class ProofOfWorkTests
{
    private const int Bits = 8;

    private readonly TestClock _clock = new();
    private readonly ProofOfWork _work;

    public ProofOfWorkTests() => _work = new ProofOfWork(Bits, _clock);

    [Fact]
    public void A_proof_is_taken_once()
    {
        var proof = Worker.Solve(_work.Ask(), Bits);

        Assert.Equal(ProofOutcome.Accepted, _work.Redeem(proof));
        Assert.Equal(ProofOutcome.Spent, _work.Redeem(proof));
    }

    [Fact]
    public void Another_number_for_the_same_challenge_is_no_second_proof()
    {
        var challenge = _work.Ask();
        var first = Worker.Solve(challenge, Bits);
        var second = Worker.Solve(challenge, Bits, after: long.Parse(first[(challenge.Length + 1)..], CultureInfo.InvariantCulture));
        Assert.NotEqual(first, second);

        Assert.Equal(ProofOutcome.Accepted, _work.Redeem(second));
        Assert.Equal(ProofOutcome.Spent, _work.Redeem(first));
    }

    [Fact]
    public void Of_many_who_bring_the_same_at_once_one_is_let_in()
    {
        for (var round = 0; round < 50; round++)
        {
            var proof = Worker.Solve(_work.Ask(), Bits);
            var accepted = 0;
            Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                if (_work.Redeem(proof) == ProofOutcome.Accepted) Interlocked.Increment(ref accepted);
            });
            Assert.Equal(1, accepted);
        }
    }

    [Fact]
    public void A_challenge_that_was_changed_anywhere_is_wrong()
    {
        var token = Base64Url.DecodeFromChars(_work.Ask());
        for (var at = 0; at < token.Length; at++)
        {
            var forged = token.ToArray();
            forged[at] ^= 1;
            Assert.Equal(ProofOutcome.Wrong, _work.Redeem(Worker.Solve(Base64Url.EncodeToString(forged), Bits)));
        }
    }

    [Fact]
    public void Another_server_knows_nothing_of_it()
    {
        var other = new ProofOfWork(Bits, _clock);

        Assert.Equal(ProofOutcome.Wrong, other.Redeem(Worker.Solve(_work.Ask(), Bits)));
    }

    [Fact]
    public void Less_work_than_was_asked_for_is_not_enough()
    {
        Assert.Equal(ProofOutcome.Wrong, _work.Redeem(Worker.MissNarrowly(_work.Ask(), Bits)));
        Assert.Equal(ProofOutcome.Accepted, _work.Redeem(Worker.Solve(_work.Ask(), Bits)));
    }

    [Fact]
    public void It_is_good_until_its_time_is_over_and_no_longer()
    {
        var (inTime, late) = (Worker.Solve(_work.Ask(), Bits), Worker.Solve(_work.Ask(), Bits));
        _clock.Advance(Limits.ProofLife);
        Assert.Equal(ProofOutcome.Accepted, _work.Redeem(inTime));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ProofOutcome.Late, _work.Redeem(late));
        Assert.Equal(ProofOutcome.Late, _work.Redeem(inTime));
    }

    [Fact]
    public void What_is_no_proof_is_wrong()
    {
        var challenge = _work.Ask();
        var proof = Worker.Solve(challenge, Bits);
        string[] wrong =
        [
            "", ".", "0", challenge, challenge + ".", challenge + "." + new string('1', 21), challenge + ".-1", challenge + ". 1", challenge + ".é", proof + "x", proof + ".0",
            "é" + proof[1..], new string('é', 70), new string('.', 80), "=" + proof[1..], " " + proof, new string('A', 64) + ".0", proof + new string('0', 100_000),
        ];
        Assert.All(wrong, text => Assert.Equal(ProofOutcome.Wrong, _work.Redeem(text)));
        Assert.Equal(ProofOutcome.Accepted, _work.Redeem(proof));
    }

    [Fact]
    public void Challenges_are_never_the_same_and_say_nothing_but_when_and_how_much()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => _work.Ask()).ToHashSet();

        Assert.Equal(1000, tokens.Count);
        Assert.All(tokens, token => Assert.Matches("^[A-Za-z0-9_-]{64}$", token));
        Assert.All(tokens, token => Assert.Equal([1, Bits, 0, 0, 0, 0, 0, 0, 0, 0], Base64Url.DecodeFromChars(token)[..10]));
    }

    [Fact]
    public void A_flood_of_proofs_takes_bounded_memory_and_frees_none_for_a_second_use()
    {
        var spent = new SpentProofs();
        const long asked = 5;
        for (var proof = 0UL; proof < Limits.MaxSpentProofs; proof++) Assert.Equal(ProofOutcome.Accepted, spent.TrySpend(proof, asked, asked));
        Assert.Equal(ProofOutcome.Spent, spent.TrySpend(0, asked, asked));

        Assert.Equal(ProofOutcome.Accepted, spent.TrySpend(1_000_000, asked + 1, asked + 1));

        // The oldest are forgotten; so whatever is as old as they were is too late, used or not.
        Assert.Equal(ProofOutcome.Late, spent.TrySpend(0, asked, asked + 1));
        Assert.Equal(ProofOutcome.Late, spent.TrySpend(2_000_000, asked, asked + 1));
        Assert.Equal(ProofOutcome.Spent, spent.TrySpend(1_000_000, asked + 1, asked + 1));
        Assert.Equal(ProofOutcome.Accepted, spent.TrySpend(3_000_000, asked + 1, asked + 1));
        Assert.InRange(spent.Count, 1, Limits.MaxSpentProofs);
    }

    [Fact]
    public void What_is_too_old_to_come_again_is_forgotten()
    {
        var spent = new SpentProofs();
        for (var proof = 0UL; proof < 100; proof++) spent.TrySpend(proof, asked: 0, now: 0);
        var later = (long)Limits.ProofLife.TotalMilliseconds + 1;
        spent.TrySpend(100, later, later);

        Assert.Equal(1, spent.Count);
    }
}
