// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Testing;

/// <content>What validators read of it.</content>
public sealed partial class ModelChain
{
    /// <summary>As of one endpoint: a call for each read, and one for each token.</summary>
    public long Calls { get; private set; }

    public Task CheckIdentityAsync(
        Hash256 ledgerId, OpenBridgeLane lane, CancellationToken cancellationToken)
    {
        Begin("identity");
        return ledgerId == _ledgerId && lane.ChainId == _terms.ChainId
            ? Task.CompletedTask
            : throw new RemoteFaultException("another lane", isTransient: false);
    }

    public Task<RemoteHead> FinalHeadAsync(CancellationToken cancellationToken)
    {
        Begin("final");
        return Task.FromResult(WithLogs(this[Final]));
    }

    public Task<RemoteHead> ParentAsync(RemoteHead of, CancellationToken cancellationToken)
    {
        Begin("parent");
        return Task.FromResult(WithLogs(_blocks.Last(block => block.Head.Hash == of.ParentHash)));
    }

    private RemoteHead WithLogs(ModelBlock block)
    {
        bool quiet = block.Facts.IsEmpty && block.Refusals.IsEmpty;
        byte bits = quiet ? byte.MinValue : byte.MaxValue;
        return Blooms
            ? block.Head with { Logs = new EvmBloom([.. Enumerable.Repeat(bits, EvmBloom.Size)]) }
            : block.Head;
    }

    public Task<RemoteHead?> HeadAsync(ulong number, CancellationToken cancellationToken)
    {
        Begin("head");
        return Task.FromResult(number < (ulong)_blocks.Count ? this[number].Head : null);
    }

    public Task<RemoteState> StateAsync(
        RemoteHead at,
        IReadOnlyCollection<ulong> nonces,
        IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken)
    {
        Begin("state");
        Calls += tokens.Count;
        return Task.FromResult(LieOfState(State(at, nonces, tokens)));
    }

    public Task<ImmutableArray<BridgeObservation>> FactsAsync(
        ulong from, ulong to, CancellationToken cancellationToken)
    {
        Begin("facts");
        return Task.FromResult(LieOfFacts(Facts(from, to)));
    }

    public Task<ImmutableArray<MintRefusal>> RefusalsAsync(
        ulong from, ulong to, CancellationToken cancellationToken)
    {
        Begin("refusals");
        return Task.FromResult(Refusals(from, to));
    }

    public ImmutableArray<MintRefusal> Refusals(ulong from, ulong to) =>
        [.. _blocks.Skip((int)from).Take((int)(to - from + 1)).SelectMany(block => block.Refusals)];

    /// <summary>The word of used nonces that stands in a slot of the bridge's storage after the latest
    /// block.</summary>
    public string UsedAt(string slot)
    {
        byte[] word = new byte[UInt256.Size];
        foreach (ConsumedBit bit in Latest.After.Consumed.Select(BridgeSlots.BitOf)
            .Concat(Latest.After.Prepared.Select(BridgeSlots.PreparedBit))
            .Where(bit => $"0x{BridgeSlots.Consumed(bit.Word)}" == slot))
        {
            word[^(1 + (bit.Place / 8))] |= (byte)(1 << (bit.Place % 8));
        }

        return $"0x{Convert.ToHexStringLower(word)}";
    }

    private void Begin(string read)
    {
        Calls++;
        Before(read);
    }

    public RemoteState State(
        RemoteHead at, IReadOnlyCollection<ulong> nonces, IReadOnlyCollection<Address> tokens)
    {
        Contracts then = this[at.Number].After;
        return new RemoteState(
            at, then.Burns, then.Accumulator, nonces.Count == 0 ? 0 : nonces.Max(),
            [.. nonces.Where(then.Consumed.Contains)],
            tokens.ToImmutableDictionary(token => token, token => then.Supplies.GetValueOrDefault(token)));
    }

    public ImmutableArray<BridgeObservation> Facts(ulong from, ulong to) =>
        [.. _blocks.Skip((int)from).Take((int)(to - from + 1)).SelectMany(block => block.Facts)];
}
