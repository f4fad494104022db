// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge.Tests.Model;

/// <summary>What the contracts hold, and what every account sent, after a block.</summary>
internal sealed record Contracts(
    ulong Burns,
    Hash256 Accumulator,
    ImmutableHashSet<ulong> Consumed,
    ImmutableDictionary<Address, Amount> Supplies,
    UInt128 Minted,
    UInt128 MostLocked,
    ulong Epoch,
    ImmutableArray<BridgeSigner> Signers,
    ImmutableDictionary<Address, ulong> Nonces);

/// <summary>What is told in place of what happened.</summary>
internal delegate ImmutableArray<BridgeObservation> FactsLie(ImmutableArray<BridgeObservation> facts);

/// <summary>A block of the model.</summary>
internal sealed record ModelBlock(
    Evm.EvmBlockHeader Header, Contracts After, ImmutableArray<BridgeObservation> Facts)
{
    public Remote.RemoteHead Head => new(
        Header.Number, Header.Hash, Header.ParentHash, Header.StateRoot, Header.Timestamp);
}

/// <summary>A call that the contracts refuse.</summary>
internal sealed class RevertException(string message) : Exception(message);
