// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>Balances and supplies from events alone, from genesis on. Not thread-safe.</summary>
public sealed class EventReplay
{
    /// <summary>Applies the next event.</summary>
    /// <returns>Null, or how the event contradicts those before it.</returns>
    public string? Apply(LedgerEvent next) => throw new NotImplementedException();

    /// <summary>An account's units of an asset.</summary>
    public Amount Balance(Address account, AssetId asset) => throw new NotImplementedException();

    /// <summary>An asset's outstanding amount.</summary>
    public Amount Supply(AssetId asset) => throw new NotImplementedException();

    /// <summary>All balances above zero, by account, then asset.</summary>
    public IReadOnlyList<(Address Account, AssetId Asset, Amount Amount)> Balances() => throw new NotImplementedException();
}
