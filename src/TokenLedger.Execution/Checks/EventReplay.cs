// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Execution;

/// <summary>Balances and supplies from events alone, from genesis on. Not thread-safe.</summary>
public sealed class EventReplay
{
    private readonly Dictionary<(Address Account, AssetId Asset), Amount> _balances = [];
    private readonly Dictionary<AssetId, Amount> _supplies = [];

    /// <summary>Applies the next event.</summary>
    /// <returns>Null, or how the event contradicts those before it.</returns>
    public string? Apply(LedgerEvent next) => next switch
    {
        UnitsIssued e => Credit(e.Asset, e.To, e.Amount, e.BalanceAfter) ?? Issue(e),
        UnitsBurned e => Debit(e.Asset, e.From, e.Amount, e.BalanceAfter) ?? Burn(e),
        Transferred e =>
            Debit(e.Asset, e.From, e.Amount, e.FromAfter) ?? Credit(e.Asset, e.To, e.Amount, e.ToAfter),
        _ => null,
    };

    /// <summary>An account's units of an asset.</summary>
    public Amount Balance(Address account, AssetId asset) => _balances.GetValueOrDefault((account, asset));

    /// <summary>An asset's outstanding amount.</summary>
    public Amount Supply(AssetId asset) => _supplies.GetValueOrDefault(asset);

    /// <summary>All balances above zero, by account, then asset.</summary>
    public IReadOnlyList<(Address Account, AssetId Asset, Amount Amount)> Balances() =>
    [
        .. _balances
            .OrderBy(static row => row.Key)
            .Select(static row => (row.Key.Account, row.Key.Asset, row.Value)),
    ];

    /// <summary>Begins with a balance that events before those to come led to.</summary>
    internal void Seed(Address account, AssetId asset, Amount amount) => Set(account, asset, amount);

    /// <summary>Begins with a supply that events before those to come led to.</summary>
    internal void Seed(AssetId asset, Amount supply) => _supplies[asset] = supply;

    private string? Credit(AssetId asset, Address account, Amount amount, Amount after)
    {
        Amount before = Balance(account, asset);
        if (!before.TryAdd(amount, out Amount sum) || sum != after)
        {
            return $"{account} had {before} units of {asset} and got {amount}; its event says {after}.";
        }

        Set(account, asset, after);
        return null;
    }

    private string? Debit(AssetId asset, Address account, Amount amount, Amount after)
    {
        Amount before = Balance(account, asset);
        if (!before.TrySubtract(amount, out Amount rest) || rest != after)
        {
            return $"{account} had {before} units of {asset} and gave {amount}; its event says {after}.";
        }

        Set(account, asset, after);
        return null;
    }

    private string? Issue(UnitsIssued e)
    {
        bool right = Supply(e.Asset).TryAdd(e.Amount, out Amount sum) && sum == e.SupplyAfter;
        _supplies[e.Asset] = e.SupplyAfter;
        return right
            ? null
            : $"{e.Amount} units of {e.Asset} were issued; a supply of {e.SupplyAfter} does not follow.";
    }

    private string? Burn(UnitsBurned e)
    {
        bool right = Supply(e.Asset).TrySubtract(e.Amount, out Amount rest) && rest == e.SupplyAfter;
        _supplies[e.Asset] = e.SupplyAfter;
        return right
            ? null
            : $"{e.Amount} units of {e.Asset} were burned; a supply of {e.SupplyAfter} does not follow.";
    }

    private void Set(Address account, AssetId asset, Amount amount)
    {
        if (amount.IsZero)
        {
            _balances.Remove((account, asset));
        }
        else
        {
            _balances[(account, asset)] = amount;
        }
    }
}
