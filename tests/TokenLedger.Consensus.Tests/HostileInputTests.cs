// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Testing;

namespace TokenLedger.Consensus.Tests;

/// <summary>
/// Whatever a peer sends: no exception, bounded memory, and no word of ours against another.
/// </summary>
public sealed class HostileInputTests
{
    private static readonly ulong[] Edges = [0, 1, 2, 3, ulong.MaxValue - 1, ulong.MaxValue];

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void Step_AnythingAtAll_NeverThrowsAndNeverEquivocates(ulong seed)
    {
        var random = new DeterministicRandom(seed);
        for (int run = 0; run < 40; run++)
        {
            var bench = new Bench(4, own: random.Below(5) - 1, with: config => config with
            {
                RetentionViews = 4,
                VoteWindowViews = 8,
                FutureNotarizations = 4,
            });
            for (int step = 0; step < 300 && !bench.Machine.Stopped; step++)
            {
                bench.Do(Draw(bench, random));
                bench.Advance(random.Between(0, 60));
                ulong open = bench.Machine.CurrentView.Value - bench.Machine.LastFinalizedView.Value;
                Assert.InRange((ulong)bench.Machine.ViewsKept, 0UL, Math.Min(open, 400) + 12);
            }

            AssertNoConflict(bench.Cast);
        }
    }

    private static void AssertNoConflict(List<VoteSubject> cast)
    {
        foreach (IGrouping<View, VoteSubject> view in cast.GroupBy(subject => subject.View))
        {
            VoteSubject[] said = [.. view];
            Assert.Equal(said.Length, said.DistinctBy(subject => subject.Kind).Count());
            Assert.DoesNotContain(said, a => said.Any(b => EquivocationEvidence.Conflict(a, b)));
        }
    }

    private static ConsensusInput Draw(Bench bench, DeterministicRandom random)
    {
        View view = DrawView(bench, random);
        Hash256 block = Block(bench, view, random);
        return random.Below(12) switch
        {
            0 or 1 or 2 => new VoteReceived(random.Below(6) - 1, DrawVote(bench, random, view)),
            3 or 4 => bench.FromPeer(DrawVote(bench, random, view)),
            5 or 6 => DrawProposal(bench, random, view),
            7 => new CertificateReceived(random.Below(6) - 1, DrawCertificate(bench, random, view)),
            8 => new BlockVerified(view, block, random.PerMille(900)),
            9 => new BlockCertified(view, block, random.PerMille(900)),
            10 => random.PerMille(500) ? new WorkPending() : new BuildFailed(view),
            _ => new Tick(),
        };
    }

    private static View DrawView(Bench bench, DeterministicRandom random) => random.Below(10) switch
    {
        0 => new View(random.Pick(Edges)),
        1 => new View(bench.Machine.CurrentView.Value + random.Between(0, 3)),
        2 => bench.Machine.CurrentView.Previous,
        _ => bench.Machine.CurrentView,
    };

    private static Hash256 Block(Bench bench, View view, DeterministicRandom random) =>
        bench.Header(view.Value, salt: random.PerMille(850) ? 0UL : 1UL).Hash;

    private static Vote DrawVote(Bench bench, DeterministicRandom random, View view)
    {
        var kind = (VoteKind)(1 + random.Below(3));
        Hash256 block = kind == VoteKind.Nullify && random.PerMille(900) ? default : Block(
            bench, view, random);
        int signer = random.Below(4);
        Vote vote = bench.Vote(signer, kind, view.Value, block);
        return random.Below(24) switch
        {
            0 => bench.Forge(signer, kind, view.Value, block),
            1 => vote with { Signature = [1, 2, 3] },
            2 => vote with { Signature = default },
            3 => vote with { Signer = random.Below(300) - 10 },
            4 => bench.Sign(signer, vote.Subject with { Epoch = new Epoch(random.Pick(Edges)) }),
            5 => vote with { Subject = vote.Subject with { Kind = (VoteKind)random.Below(6) } },
            _ => vote,
        };
    }

    private static ProposalReceived DrawProposal(Bench bench, DeterministicRandom random, View view)
    {
        View parent = random.PerMille(600) ? bench.Machine.HighestCertifiedView : DrawView(bench, random);
        BlockHeader header = bench.Header(view.Value, salt: random.PerMille(850) ? 0UL : 1UL);
        Vote vote = random.PerMille(900)
            ? bench.Vote(bench.Validators.LeaderOf(view), VoteKind.Notarize, view.Value, header.Hash)
            : DrawVote(bench, random, view);
        return new ProposalReceived(
            random.PerMille(900) ? bench.Validators.LeaderOf(view) : random.Below(9) - 2,
            new Proposal(header, parent, vote));
    }

    private static Certificate DrawCertificate(Bench bench, DeterministicRandom random, View view)
    {
        var kind = (VoteKind)(1 + random.Below(3));
        View honest = view.Value > 3 && view.Value - 3 > bench.Machine.CurrentView.Value
            ? bench.Machine.CurrentView
            : view;
        Hash256 block = kind == VoteKind.Nullify ? default : bench.Header(honest.Value).Hash;
        Certificate held = bench.Certificate(kind, honest.Value, block);
        return random.Below(8) switch
        {
            0 => held with { Signers = unchecked((uint)random.Next()) },
            1 => held with { Signatures = default },
            2 => held with { Signatures = ImmutableArray<ImmutableArray<byte>>.Empty },
            3 => held with { Subject = held.Subject with { View = view, Kind = (VoteKind)random.Below(6) } },
            _ => held,
        };
    }
}
