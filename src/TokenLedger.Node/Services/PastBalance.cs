// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>An event that changed a balance.</summary>
/// <param name="Row">Which one.</param>
/// <param name="Before">The balance that it found.</param>
/// <param name="After">The balance that it left.</param>
internal sealed record BalanceStep(HistoryRow Row, Amount Before, Amount After);

/// <summary>Finds, in an account's history, the events that changed its units of one asset.</summary>
internal sealed class PastBalance(LedgerStore ledger, Address account, AssetId asset)
{
    /// <summary>The last change at or below a height; null when the history has none.</summary>
    /// <exception cref="RpcException">HISTORY_TOO_LONG: it is behind too many other events.</exception>
    public BalanceStep? LastUpTo(ulong height) =>
        Steps(new HistoryRow(new Height(checked(height + 1)), 0, 0)).FirstOrDefault();

    /// <summary>The first change above a height and up to another; null when there is none.</summary>
    /// <exception cref="RpcException">HISTORY_TOO_LONG: too many events are above it.</exception>
    public BalanceStep? FirstAfter(ulong height, ulong upTo) =>
        Steps(new HistoryRow(new Height(checked(upTo + 1)), 0, 0))
            .TakeWhile(step => step.Row.Height.Value > height)
            .LastOrDefault();

    /// <summary>Changes, the newest first, of what is older than a row.</summary>
    private IEnumerable<BalanceStep> Steps(HistoryRow? after)
    {
        BlockEvents? block = null;
        for (int lookedAt = 0; lookedAt < Limits.PastBalanceRows; lookedAt += Limits.PageRows)
        {
            ImmutableArray<HistoryRow> rows = ledger.History(account, after, Limits.PageRows);
            foreach (HistoryRow row in rows)
            {
                // Rows of one block stand together.
                block = block?.Height == row.Height ? block : BlockEvents.At(ledger, row.Height);
                if (StepOf(row, block.Records[(int)row.EventIndex].Event) is { } step)
                {
                    yield return step;
                }
            }

            if (rows.Length < Limits.PageRows)
            {
                yield break;
            }

            after = rows[^1];
        }

        throw ErrorModel.Failure(
            StatusCode.OutOfRange, "HISTORY_TOO_LONG",
            $"More than {Limits.PastBalanceRows} events of the account stand before the one that would tell. "
            + "Follow its events, or ask for another height.");
    }

    private BalanceStep? StepOf(HistoryRow row, LedgerEvent happened) => happened switch
    {
        UnitsIssued e when e.Asset == asset => new(row, e.BalanceAfter - e.Amount, e.BalanceAfter),
        UnitsBurned e when e.Asset == asset => new(row, e.BalanceAfter + e.Amount, e.BalanceAfter),
        Transferred e when e.Asset == asset && e.From == account =>
            new(row, e.FromAfter + e.Amount, e.FromAfter),
        Transferred e when e.Asset == asset => new(row, e.ToAfter - e.Amount, e.ToAfter),
        _ => null,
    };
}
