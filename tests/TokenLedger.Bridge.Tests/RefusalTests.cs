// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Tests;

/// <summary>Why a mint was refused abroad is read and kept while the lock is open.</summary>
public sealed class RefusalTests
{
    private const byte ReceiverNotRegistered = 19;

    private readonly World _world = new();

    [Fact]
    public async Task Look_ItemOfABatchRefused_TellsWhyUntilTheLockEnds()
    {
        ulong first = _world.Lock(100);
        ulong second = _world.Lock(50);
        _world.Chain.Accepts = item => item.Nonce != second;
        BridgeValidator validator = _world.Validators[0];
        await _world.StepsAsync(40, () => validator.Worker.Status.Refusals.ContainsKey(second));
        Assert.Equal([second], validator.Worker.Status.Refusals.Keys);
        MintRefusal refusal = validator.Worker.Status.Refusals[second];
        Assert.Equal(ReceiverNotRegistered, refusal.Reason);
        Assert.Equal(
            "the receiver is not registered, not any longer, or denied (RECEIVER, 19)", refusal.ToString());
        Assert.Equal(refusal.Place.BlockHash, _world.Chain[refusal.Place.Number].Header.Hash);

        // Another process reads it again, and of the lock that was minted nothing.
        validator.Restart();
        await validator.LookAsync();
        Assert.Equal([second], validator.Worker.Status.Refusals.Keys);
        _world.Chain.Accepts = static _ => true;
        await _world.StepsAsync(40, () => _world.Books.Minted == new Amount(150));
        await _world.StepsAsync(9, () => validator.Worker.Status.Refusals.IsEmpty);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Look_ReasonsCannotBeRead_TransfersEndAllTheSame()
    {
        _world.Lock(100);
        foreach (BridgeValidator validator in _world.Validators)
        {
            validator.Fails = static call =>
                call == "refusals" ? new RemoteFaultException("no such range") : null;
        }

        await _world.StepsAsync(40, () => _world.Books.Minted == new Amount(100));
        Assert.All(_world.Validators, static validator => Assert.Empty(validator.Worker.Status.Note));
    }

    [Fact]
    public async Task Read_RefusalsOfARealLog_HaveNonceAndReason()
    {
        var chain = new RpcChain(World.Terms, [World.Token]);
        chain.Refuse(7, World.Token, 4);
        chain.Mine(1);
        using EvmProvider provider = new Evm.Tests.FakeNode(
            (method, parameters) => chain.Answer(method, parameters, 1)).ToClient().Provider;
        var remote = new EvmRemoteChain(
            new ProviderQuorum([new EvmClient(provider)], 1, TimeSpan.FromSeconds(30), TimeProvider.System),
            World.Terms, BridgeValidator.Settings);
        MintRefusal refusal = Assert.Single(await remote.RefusalsAsync(0, 1, default));
        Assert.Equal(
            (7UL, (byte)4, chain.Latest.Hash), (refusal.Nonce, refusal.Reason, refusal.Place.BlockHash));
    }
}
