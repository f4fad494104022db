// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Explorer.Index;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Pages;

/// <summary>An account that is frozen, and by what.</summary>
/// <param name="Account">The account.</param>
/// <param name="Freeze">What it forbids.</param>
/// <param name="LegalReference">The order.</param>
/// <param name="FreezeDocument">SHA-256 of the order.</param>
/// <param name="FrozenAt">Since which block.</param>
internal sealed record FrozenAccount(
    Address Account, FreezeMode Freeze, string LegalReference, Hash256 FreezeDocument, Height FrozenAt)
{
    /// <summary>More orders than these are not looked through to learn who was frozen at a height.</summary>
    public const int MaxOrders = 5 * Limits.PageRows;

    /// <summary>From the register.</summary>
    public static FrozenAccount Of(AccountRow row) =>
        new(row.Account, row.Freeze, row.LegalReference, row.FreezeDocument, row.FrozenAt);

    /// <summary>
    /// Who was frozen after the height that was asked for, by address: of the orders up to it, each account's
    /// last. Null when there are more than <see cref="MaxOrders"/>.
    /// </summary>
    public static async Task<IReadOnlyList<FrozenAccount>?> ThenAsync(
        PageRequest request, CancellationToken cancellationToken)
    {
        var last = new Dictionary<Address, FreezeRow>();
        EventPlace before = request.End;
        for (int read = 0; read < MaxOrders; read += Limits.PageRows)
        {
            IReadOnlyList<FreezeRow> orders = await request.View
                .FreezesAsync(before, Limits.PageRows, cancellationToken).ConfigureAwait(false);
            foreach (FreezeRow order in orders)
            {
                last.TryAdd(order.Account, order);
                before = order.Place;
            }

            if (orders.Count < Limits.PageRows)
            {
                return
                [
                    .. last.Values.Where(static order => order.Mode != FreezeMode.None)
                        .OrderBy(static order => order.Account)
                        .Select(static order => new FrozenAccount(
                            order.Account, order.Mode, order.LegalReference, order.Document,
                            order.Place.Height)),
                ];
            }
        }

        return null;
    }
}
