// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>What would become of a transaction.</summary>
/// <param name="Includable">False when it may not stand in a block at all: then not even its nonce is
/// consumed.</param>
/// <param name="Rejection">Null when all operations would apply, else why not.</param>
/// <param name="Events">What it would cause; empty when rejected.</param>
/// <param name="Balances">Every balance that it would touch, by account, then asset.</param>
public sealed record SimulationResult(
    bool Includable,
    Rejection? Rejection,
    ImmutableArray<LedgerEvent> Events,
    ImmutableArray<BalanceChange> Balances)
{
    /// <summary>True when all operations would apply.</summary>
    public bool Succeeded => Rejection is null;
}

/// <summary>A balance before and after.</summary>
public readonly record struct BalanceChange(Address Account, AssetId Asset, Amount Before, Amount After);
