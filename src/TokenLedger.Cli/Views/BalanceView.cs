// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>Balances as text.</summary>
internal static class BalanceView
{
    public static string Show(Balance balance) => Amount.TryParse(balance.Amount, out Amount amount)
        ? AmountText.Grouped(amount, (int)Math.Min(balance.Decimals, Limits.AssetDecimals))
        : balance.Amount;

    public static JsonObject ToJson(Balance balance) => new()
    {
        ["account"] = AddressBook.Text(balance.Account),
        ["asset"] = balance.Asset,
        ["amount"] = balance.Amount,
        ["decimals"] = balance.Decimals,
    };
}
