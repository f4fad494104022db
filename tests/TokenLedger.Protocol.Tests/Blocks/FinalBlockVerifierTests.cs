// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using Transfer = TokenLedger.Core.Ledger.Transfer;

namespace TokenLedger.Protocol.Tests.Blocks;

public sealed class FinalBlockVerifierTests
{
    private static readonly ByteString Rubbish = ByteString.CopyFrom([1, 2, 3]);

    private readonly FinalChain _chain = Chain(static _ => true);

    [Fact]
    public void Add_WholeChain_GivesEveryBlockOut()
    {
        IReadOnlyList<VerifiedBlock> final = _chain.Verified();
        Assert.Equal(_chain.Blocks.Count, final.Count);
        Assert.Equal(
            Enumerable.Range(0, final.Count).Select(static i => (ulong)i),
            final.Select(block => block.Header.Height.Value));
        Assert.Equal(_chain.Blocks.Sum(block => block.Transactions.Count), final.Sum(b => b.Receipts.Length));
        Assert.Equal(_chain.Blocks.Sum(block => block.Events.Count), final.Sum(b => b.Events.Length));
        Assert.Equal(_chain.Ledger.Tree.Root, final[^1].Header.StateRoot);
        Assert.Equal(final[^1].Header.Hash, final[^1].Hash);
    }

    [Fact]
    public void Add_WithoutOwnCertificate_IsHeldUntilALaterOneCoversIt()
    {
        FinalChain chain = Chain(static height => height.Value % 3 == 0);
        FinalBlockVerifier verifier = chain.Verifier();
        var final = new List<VerifiedBlock>();
        for (int i = 0; i < chain.Blocks.Count; i++)
        {
            Assert.Null(verifier.Add(chain.Blocks[i], final));
            int known = i == 0 ? 0 : (i / 3 * 3) + (i >= 3 ? 1 : 0);
            Assert.Equal(known, final.Count);
            Assert.Equal(i + 1 - known, verifier.Held);
        }

        Assert.Null(final[1].Certificate);
        Assert.NotNull(final[3].Certificate);
    }

    [Fact]
    public void Add_HeldBlockOfAnotherChain_IsNotCovered()
    {
        // The first block is forged and has no certificate; the second, real one does not have it as parent.
        FinalBlockVerifier verifier = _chain.Verifier();
        var final = new List<VerifiedBlock>();
        Assert.Null(verifier.Add(_chain.Blocks[0], final));
        Assert.Null(verifier.Add(
            Changed(1, Header(1) with { StateRoot = ProvenChain.Filled(7) }, static b => b.Certificate
                = ByteString.Empty),
            final));
        Assert.Equal(BlockFault.BrokenChain, verifier.Add(_chain.Blocks[2], final)?.Fault);
        Assert.Empty(final);
    }

    [Fact]
    public void Add_MoreWithoutCertificateThanIsHeld_IsRefused()
    {
        FinalBlockVerifier verifier = _chain.Verifier();
        var final = new List<VerifiedBlock>();
        BlockFailure? failure = verifier.Add(_chain.Blocks[0], final);
        BlockHeader last = Header(0);
        for (int i = 1; i < Limits.SyncUncertifiedBlocks && failure is null; i++)
        {
            last = last with { Height = last.Height.Next, ParentHash = last.Hash };
            failure = verifier.Add(new FinalBlock { Header = ProvenChain.Encoded(last.Write) }, final);
        }

        Assert.Null(failure);
        Assert.Equal(Limits.SyncUncertifiedBlocks, verifier.Held);
        last = last with { Height = last.Height.Next, ParentHash = last.Hash };
        failure = verifier.Add(new FinalBlock { Header = ProvenChain.Encoded(last.Write) }, final);
        Assert.Equal(BlockFault.TooMuch, failure?.Fault);
    }

    [Fact]
    public void Add_BlockInParts_IsTheWholeBlock()
    {
        FinalBlock whole = _chain.Blocks[^1];
        Assert.True(whole.Transactions.Count > 1);
        FinalBlock first = new()
        {
            Header = whole.Header,
            Certificate = whole.Certificate,
            Transactions = { whole.Transactions[0] },
            More = true,
        };
        FinalBlock second = new() { Transactions = { whole.Transactions.Skip(1) }, More = true };
        FinalBlock third = new() { Receipts = { whole.Receipts }, Events = { whole.Events } };
        Assert.Null(AfterAllButLast([first, second, third], out List<VerifiedBlock> final));
        Assert.Equal(whole.Transactions.Count, Assert.Single(final).Transactions.Length);

        BlockFailure? torn = AfterAllButLast([first, whole], out _);
        Assert.Equal(BlockFault.Malformed, torn?.Fault);
    }

    [Fact]
    public void Add_ResumedAfterABlock_GoesOnThereOnly()
    {
        VerifiedBlock third = _chain.Verified()[3];
        FinalBlockVerifier resumed = _chain.Verifier(new BlockPosition(third.Header.Height, third.Hash));
        var final = new List<VerifiedBlock>();
        Assert.Null(resumed.Add(_chain.Blocks[4], final));
        Assert.Equal(4UL, Assert.Single(final).Header.Height.Value);

        FinalBlockVerifier elsewhere = _chain.Verifier(
            new BlockPosition(third.Header.Height, ProvenChain.Filled(1)));
        Assert.Equal(BlockFault.BrokenChain, elsewhere.Add(_chain.Blocks[4], final)?.Fault);
    }

    [Fact]
    public void Begin_OtherOrMalformedGenesis_IsRefused()
    {
        Assert.Null(FinalBlockVerifier.Begin(
            _chain.GenesisBytes.Span, ProvenChain.Filled(1), _chain.Scheme, null, out BlockFailure? other));
        Assert.Equal(BlockFault.WrongGenesis, other?.Fault);
        byte[] bytes = [9, 9];
        Assert.Null(FinalBlockVerifier.Begin(
            bytes, Hashing.Hash(DomainTag.Genesis, bytes), _chain.Scheme, null, out BlockFailure? malformed));
        Assert.Equal(BlockFault.Malformed, malformed?.Fault);
    }

    [Fact]
    public void Add_AnyFieldOfTheHeaderChanged_IsRefused()
    {
        BlockHeader header = Header(^1);
        Hash256 other = ProvenChain.Filled(5);
        BlockHeader[] changed =
        [
            header with { GenesisHash = other },
            header with { Epoch = new Epoch(1) },
            header with { Height = header.Height.Next },
            header with { View = header.View.Next },
            header with { ParentHash = other },
            header with { Timestamp = header.Timestamp.Plus(1) },
            header with { Proposer = TestNetwork.Alice },
            header with { TransactionsRoot = other },
            header with { ReceiptsRoot = other },
            header with { EventsRoot = other },
            header with { StateRoot = other },
            header with { ValidatorSetHash = other },
            header with { NextValidatorSetHash = other },
            header with { HistoryRoot = other },
        ];
        Assert.All(changed, one =>
        {
            BlockFailure? failure = AfterAllButLast([Changed(^1, one)], out List<VerifiedBlock> final);
            Assert.True(failure?.Fault is BlockFault.BrokenChain or BlockFault.WrongCertificate, $"{one}");
            Assert.Empty(final);
        });
    }

    [Fact]
    public void Add_CertificateOfTooFewOrOthersOrAnotherKind_IsRefused()
    {
        BlockHeader header = Header(^1);
        Certificate[] wrong =
        [
            _chain.Certify(header, [0, 1]),
            _chain.Certify(header, [0, 1, 2], VoteKind.Notarize),
            _chain.Certify(Header(^2), [0, 1, 2]),
            _chain.Certify(header, [0, 1, 3]) with { Signers = 0b0111 },
        ];
        Assert.All(wrong, certificate => Assert.Equal(
            BlockFault.WrongCertificate,
            Last(block => block.Certificate = ProvenChain.Encoded(certificate.Write))?.Fault));
    }

    [Theory]
    [InlineData(BlockFault.WrongTransactions)]
    [InlineData(BlockFault.WrongReceipts)]
    [InlineData(BlockFault.WrongEvents)]
    public void Add_ListDroppedDoubledOrSwapped_IsRefused(BlockFault expected)
    {
        Assert.Equal(expected, Last(block => ListOf(block, expected).RemoveAt(0))?.Fault);
        Assert.Equal(expected, Last(block =>
            ListOf(block, expected).Add(ListOf(block, expected)[0]))?.Fault);
        Assert.Equal(expected, Last(block =>
        {
            System.Collections.IList list = ListOf(block, expected);
            (list[0], list[1]) = (list[1], list[0]);
        })?.Fault);
    }

    [Fact]
    public void Add_AnyByteOfAnyPartChanged_IsRefused()
    {
        Flip(static b => b.Header, static (b, bytes) => b.Header = bytes);
        Flip(static b => b.Certificate, static (b, bytes) => b.Certificate = bytes);
        Flip(static b => b.Receipts[0], static (b, bytes) => b.Receipts[0] = bytes);
        Flip(static b => b.Events[0], static (b, bytes) => b.Events[0] = bytes);
        Flip(static b => b.Transactions[0].Body, static (b, bytes) => b.Transactions[0].Body = bytes);
        Flip(
            static b => b.Transactions[0].Signature,
            static (b, bytes) => b.Transactions[0].Signature = bytes);
    }

    [Fact]
    public void Add_RubbishInAPlace_IsMalformed()
    {
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Header = Rubbish)?.Fault);
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Header = ByteString.Empty)?.Fault);
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Certificate = Rubbish)?.Fault);
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Receipts[0] = Rubbish)?.Fault);
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Events[0] = Rubbish)?.Fault);
        Assert.Equal(BlockFault.Malformed, Last(static b => b.Transactions[0].Signature = Rubbish)?.Fault);
    }

    [Fact]
    public void Add_AfterAFailure_TakesNothingMore()
    {
        FinalBlockVerifier verifier = _chain.Verifier();
        var final = new List<VerifiedBlock>();
        BlockFailure? failure = verifier.Add(_chain.Blocks[1], final);
        Assert.Equal(BlockFault.BrokenChain, failure?.Fault);
        Assert.Same(failure, verifier.Add(_chain.Blocks[0], final));
        Assert.Empty(final);
    }

    /// <summary>Each byte of a part, one bit changed: the whole is never given out.</summary>
    private void Flip(Func<FinalBlock, ByteString> get, Action<FinalBlock, ByteString> set)
    {
        byte[] bytes = get(_chain.Blocks[^1]).ToByteArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.NotNull(Last(block => set(block, ByteString.CopyFrom(bytes))));
            bytes[i] ^= 1;
        }
    }

    private static System.Collections.IList ListOf(FinalBlock block, BlockFault fault) => fault switch
    {
        BlockFault.WrongTransactions => block.Transactions,
        BlockFault.WrongReceipts => block.Receipts,
        _ => block.Events,
    };

    private BlockFailure? Last(Action<FinalBlock> change)
    {
        FinalBlock changed = _chain.Blocks[^1].Clone();
        change(changed);
        BlockFailure? failure = AfterAllButLast([changed], out List<VerifiedBlock> final);
        Assert.Empty(final);
        return failure;
    }

    private BlockFailure? AfterAllButLast(IEnumerable<FinalBlock> messages, out List<VerifiedBlock> final)
    {
        BlockHeader parent = Header(^2);
        FinalBlockVerifier verifier = _chain.Verifier(new BlockPosition(parent.Height, parent.Hash));
        final = [];
        BlockFailure? failure = null;
        foreach (FinalBlock message in messages)
        {
            failure = verifier.Add(message, final);
        }

        return failure;
    }

    private FinalBlock Changed(Index block, BlockHeader header, Action<FinalBlock>? change = null)
    {
        FinalBlock changed = _chain.Blocks[block.GetOffset(_chain.Blocks.Count)].Clone();
        changed.Header = ProvenChain.Encoded(header.Write);
        change?.Invoke(changed);
        return changed;
    }

    private BlockHeader Header(Index block) => StateCodec.Decode(
        _chain.Blocks[block.GetOffset(_chain.Blocks.Count)].Header.Span, BlockHeader.Read);

    private static FinalChain Chain(Func<Height, bool> isCertified)
    {
        var chain = new FinalChain(isCertified);
        TestLedger ledger = chain.Ledger;
        ledger.Issue(TestNetwork.Alice, 500);
        ledger.RunBlock();
        ledger.Run(TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(5)));
        ledger.RunBlock(
            ledger.Draft(
                TestNetwork.Alice, new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(7))),
            ledger.Draft(
                TestNetwork.Bob, new Transfer(TestNetwork.Bond, TestNetwork.Alice, new Amount(1))),
            ledger.Draft(
                TestNetwork.Bob, new Transfer(TestNetwork.Carbon, TestNetwork.Alice, new Amount(1)))
                with
            { Nonce = ledger.View.NextNonce(TestNetwork.Bob, 0) + 1 });
        return chain;
    }
}
