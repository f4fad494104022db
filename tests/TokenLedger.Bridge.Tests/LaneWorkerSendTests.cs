// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>Who carries a signed message abroad, and how often: once, by one, whatever is lost.</summary>
public sealed class LaneWorkerSendTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Send_Turns_OnlyTheOneWhoseTurnItIsSends()
    {
        for (int id = 1; id <= 4; id++)
        {
            _world.LockAndGather(100);
            var minted = new Amount((UInt128)(100 * id));
            await _world.StepsAsync(9, () => _world.Books.Minted == minted);
        }

        Assert.Equal([1, 2, 3, 0], _world.Node.Sent.Select(sent => IndexOf(sent.From)));
    }

    /// <summary>As on Ethereum, where a block is final a quarter of an hour after it was made.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(150)]
    public async Task Send_FinalityLaterThanAllTurns_OneTransactionCarriesAMessage(ulong lag)
    {
        _world.Lag = lag;
        _world.LockAndGather(100);
        await _world.StepsAsync(400, () => _world.Books.Minted == new Amount(100));
        Assert.Single(_world.Node.Sent);
    }

    /// <summary>The block with it is lost before it was final, and the one who sent it is away: another
    /// does.</summary>
    [Fact]
    public async Task Send_BlockThatCarriedItIsLost_IsSentAgainByAnother()
    {
        _world.Lag = 40;
        _world.LockAndGather(100);
        await _world.StepsAsync(30, () => _world.Node.Sent.Count == 1);
        int first = IndexOf(_world.Node.Sent[0].From);
        await _world.StepAsync();
        for (int i = 0; i < 12; i++)
        {
            await _world.StepAsync(validator => validator.Index != first);
        }

        _world.Chain.Rewind(14);
        await _world.StepsAsync(
            400, () => _world.Books.Minted == new Amount(100), validator => validator.Index != first);
        Assert.NotEqual(first, IndexOf(_world.Node.Sent[^1].From));
    }

    /// <summary>Who takes back many locks, for nothing, must not keep another from its mint.</summary>
    [Fact]
    public async Task Send_ManyVoids_LeaveRoomForAMint()
    {
        _world.Lag = 150;
        ulong first = _world.View.Lane.NextLock;
        for (int i = 0; i < 100; i++)
        {
            _world.Lock(1);
        }

        _world.Gather();
        for (ulong nonce = first; nonce < first + 100; nonce++)
        {
            _world.Ledger.MustRun(Alice, new CancelBridgeLock(World.ChainId, nonce));
        }

        _world.Node.Includes = static (_, signed) => signed.Transaction.MaxFeePerGas == 0;
        await _world.StepsAsync(30, () => _world.Validators.All(v => v.Worker.Status.OpenSends > 0));
        ulong bobs = _world.LockAndGather(77);
        await _world.StepsAsync(200, () => _world.Node.Sent.Any(sent => Carries(sent.Signed, bobs)));
    }

    [Fact]
    public async Task Send_TheOneWhoseTurnItIsIsSilent_TheNextOneSendsAfterItsTurn()
    {
        _world.LockAndGather(100);
        await _world.StepsAsync(
            9, () => _world.View.Messages[1].Signatures.Length == 3, validator => validator.Index != 1);
        TimestampMs signed = _world.Ledger.Time;
        await _world.StepsAsync(
            40, () => _world.Books.Minted == new Amount(100), validator => validator.Index != 1);
        Assert.Equal([2], _world.Node.Sent.Select(sent => IndexOf(sent.From)));
        Assert.InRange(_world.Ledger.Time.Since(signed), 60_000ul, 120_000ul);
    }

    [Fact]
    public async Task Send_SignatureThatIsNone_IsLeftOut()
    {
        _world.LockAndGather(100);
        _world.Ledger.MustRun(
            World.Signers[0].Key,
            new AttestBridge(World.ChainId, 1, 1, [.. new byte[Limits.SignatureBytes]]));
        for (int i = 0; i < 4; i++)
        {
            await _world.StepAsync(validator => validator.Index is 1 or 2);
        }

        Assert.Equal(3, _world.View.Messages[1].Signatures.Length);
        Assert.Empty(_world.Node.Sent);
        await _world.StepsAsync(40, () => _world.Books.Minted == new Amount(100));
    }

    /// <summary>The first mint of an empty word would pay 17,100 gas for it.</summary>
    [Fact]
    public async Task Send_NoncesOfTheSecondHalfOfTheirWord_PreparesTheNextWordsOnce()
    {
        await MintAsync(126);
        Assert.DoesNotContain(_world.Node.Sent, Prepares);
        await MintAsync(1);
        await MintAsync(100);
        Assert.Equal([0UL, 1UL, 2UL, 3UL, 4UL], _world.Chain.Latest.After.Prepared.Order());
        Assert.Single(_world.Node.Sent, Prepares);
    }

    private async Task MintAsync(int locks)
    {
        Amount minted = _world.Books.Minted;
        for (int i = 0; i < locks; i++)
        {
            _world.Lock(1);
        }

        _world.Gather();
        minted = new Amount(minted.Units + (UInt128)locks);
        await _world.StepsAsync(100, () => _world.Books.Minted == minted);
    }

    private static bool Prepares((Address From, SignedEip1559Transaction Signed) sent) =>
        sent.Signed.Transaction.Data.AsSpan().StartsWith(BridgeAbi.PrepareNonces.Selector.AsSpan());

    private static bool Carries(SignedEip1559Transaction signed, ulong nonce)
    {
        byte[] data = [.. signed.Transaction.Data];
        return data.AsSpan().StartsWith(BridgeAbi.MintBatch.Selector.AsSpan())
            && ((object[])BridgeAbi.MintBatch.DecodeCall(data)[1]).Cast<object[]>()
                .Any(item => (ulong)(UInt256)item[0] == nonce);
    }

    private int IndexOf(Address sender) => _world.Validators.Single(v => v.Sender == sender).Index;
}
