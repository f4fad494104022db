// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Exchange;

/// <summary>What a watcher was asked for.</summary>
/// <param name="Account">Whose deposits.</param>
/// <param name="StatePath">The state file; null for none.</param>
/// <param name="From">A cursor that the caller kept; null for the state file's.</param>
/// <param name="Acknowledged">True when each deposit waits for its id on standard input.</param>
/// <param name="Once">True to end when everything that is final now was shown.</param>
/// <param name="Limit">At most this many deposits; 0 for no end.</param>
internal sealed record WatchRequest(
    Address Account, string? StatePath, string? From, bool Acknowledged, bool Once, int Limit);

/// <summary>
/// Follows the deposits of an account, at least once each, and believes none without its proof. The state
/// file moves on only after a deposit was
/// put out, and with acknowledgements only after it was taken: a watcher that is killed anywhere shows it
/// again, under the same id, and never leaves one out.
/// </summary>
internal sealed class DepositWatch(Session session, WatchRequest request)
{
    private readonly Decimals _decimals = new();
    private readonly EventProofs _proofs = new(session);
    private Hash256 _genesisHash;
    private ulong _target;
    private int _shown;

    public async Task RunAsync(CancellationToken token)
    {
        using IDisposable? hold = request.StatePath is { } path ? DurableFile.Hold(path) : null;
        _genesisHash = NetworkIdentity.Pinned(session.Context).GenesisHash;
        string? cursor = request.From
            ?? (request.StatePath is { } file
                ? WatchState.Find(session, file, _genesisHash, request.Account)?.Cursor
                : null);
        if (request.Once)
        {
            _target = (await session.Connection.ReadAsync(
                static (node, call) => node.Queries.GetNetworkAsync(new GetNetworkRequest(), call), token))
                .AsOfHeight;
        }

        var subscribe = new SubscribeRequest
        {
            Cursor = cursor ?? "",
            Accounts = { ByteString.CopyFrom(request.Account.ToArray()) },
            Types_ = { "transferred" },
        };
        await Following.RunAsync(
            session,
            (node, call) => node.Events.Subscribe(subscribe, call),
            static item => item.Heartbeat,
            async item =>
            {
                bool over = await TakeAsync(item, token);
                subscribe.Cursor = item.Cursor;
                return over;
            },
            token);
    }

    private async Task<bool> TakeAsync(SubscribeResponse item, CancellationToken token)
    {
        bool isDeposit = item.Event is { Transferred: { } moved }
            && moved.To.Span.SequenceEqual(request.Account.ToArray());
        if (isDeposit)
        {
            // Past the height that was asked for, the next run begins with it.
            if (request.Once && item.Event!.Height > _target)
            {
                return true;
            }

            await _proofs.RequireAsync(item.Event!, token);
            await ShowAsync(item.Event!, item.Cursor, token);
            _shown++;
        }

        if (request.StatePath is { } path && (isDeposit || item.Heartbeat is not null))
        {
            new WatchState(_genesisHash, request.Account, item.Cursor).Save(path);
        }

        return (request.Limit > 0 && _shown == request.Limit)
            || (request.Once && (item.Event?.Height ?? item.Heartbeat!.Height) > _target)
            || (request.Once && item.Heartbeat is not null);
    }

    private async Task ShowAsync(Event e, string cursor, CancellationToken token)
    {
        Transferred moved = e.Transferred;
        string id = DepositId.Of(e);
        if (session.Output.IsTable)
        {
            await _decimals.LearnAsync(session, [moved.Asset], token);
        }

        string tag = moved.Tag == 0 ? "" : moved.Tag.ToString(CultureInfo.InvariantCulture);
        session.Output.StreamItem(
            new JsonObject
            {
                ["id"] = id,
                ["height"] = e.Height,
                ["index"] = e.Index,
                ["time"] = Times.Iso(e.TimeMs),
                ["transactionId"] = Convert.ToHexStringLower(e.TransactionId.Span),
                ["asset"] = moved.Asset,
                ["amount"] = moved.Amount,
                ["from"] = AddressBook.Text(moved.From),
                ["tag"] = tag.Length == 0 ? null : tag,
                ["sourceTag"] = moved.SourceTag == 0
                    ? null
                    : moved.SourceTag.ToString(CultureInfo.InvariantCulture),
                ["balanceAfter"] = moved.ToAfter,
                ["cursor"] = cursor,
            },
            $"{id,12}  {Times.Human(e.TimeMs)} ",
            $"{_decimals.Show(moved.Asset, moved.Amount)} {moved.Asset} from "
                + $"{session.Addresses.Name(moved.From)}, {(tag.Length == 0 ? "no tag" : $"tag {tag}")}");
        await session.Environment.Out.FlushAsync(token);
        if (request.Acknowledged)
        {
            RequireAcknowledged(id);
        }
    }

    private void RequireAcknowledged(string id)
    {
        string? line = session.Environment.In.ReadLine();
        if (line?.Trim() != id)
        {
            throw new CliException(
                "NOT_ACKNOWLEDGED", ExitCode.NotConfirmed, $"Deposit {id} was not acknowledged.",
                line is null ? "Standard input ended." : "Another line than its id came in.",
                "Run it again: it begins with this deposit.");
        }
    }
}

/// <summary>What names a deposit for ever: its event's height and index.</summary>
internal static class DepositId
{
    public static string Of(Event e) => string.Create(CultureInfo.InvariantCulture, $"{e.Height}/{e.Index}");

    /// <exception cref="CliException">The text is none.</exception>
    public static (ulong Height, uint Index) Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong height)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint index)
            ? (height, index)
            : throw CliException.Usage($"'{text}' is no deposit's id.", next: "Write it as it came: 812/3");
    }
}
