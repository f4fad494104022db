// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Node.Services;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Testing;
using FinalBlock = TokenLedger.Protocol.Ledger.V1.FinalBlock;

namespace TokenLedger.Node.Tests;

public sealed class FinalBlockPartsTests
{
    [Fact]
    public void Of_EachBlockOfAChain_IsOneMessageAndVerifies()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 500);
        FinalBlockVerifier verifier = chain.Verifier();
        var final = new List<VerifiedBlock>();
        foreach (VerifiedBlock block in chain.Verified())
        {
            FinalBlock part = Assert.Single(Parts(block));
            Assert.Equal(chain.Blocks[(int)block.Header.Height.Value], part);
            Assert.Null(verifier.Add(part, final));
        }

        Assert.Equal(chain.Blocks.Count, final.Count);
    }

    [Fact]
    public void Of_FullestBlock_IsManyBoundedMessagesThatVerify()
    {
        var chain = new FinalChain();
        chain.Ledger.Issue(TestNetwork.Alice, 1_000_000);
        chain.Ledger.RunBlock([.. Enumerable.Range(0, 200).Select(i => chain.Ledger.Draft(
            TestNetwork.Alice,
            [.. Enumerable.Repeat<Operation>(
                new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1)), 100)])
            with { Lane = (uint)(i % 64), Nonce = chain.Ledger.View.NextNonce(
                TestNetwork.Alice, (uint)(i % 64)) + (ulong)(i / 64) })]);
        VerifiedBlock full = chain.Verified()[^1];
        Assert.Equal(20_000, full.Events.Length);
        IReadOnlyList<FinalBlock> parts = Parts(full);
        Assert.True(parts.Count > 2, $"{parts.Count} parts");
        Assert.Equal([.. parts.SkipLast(1).Select(static _ => true), false], parts.Select(p => p.More));
        Assert.All(parts, part => Assert.InRange(part.CalculateSize(), 1, Limits.ApiResponseBytes));

        VerifiedBlock parent = chain.Verified()[^2];
        FinalBlockVerifier verifier = chain.Verifier(new BlockPosition(parent.Header.Height, parent.Hash));
        var final = new List<VerifiedBlock>();
        Assert.All(parts, part => Assert.Null(verifier.Add(part, final)));
        Assert.True(full.Events.SequenceEqual(Assert.Single(final).Events));
    }

    private static IReadOnlyList<FinalBlock> Parts(VerifiedBlock block) => FinalBlockParts.Of(
        new Block(block.Header, block.Transactions), block.Certificate, block.Receipts, block.Events);
}
