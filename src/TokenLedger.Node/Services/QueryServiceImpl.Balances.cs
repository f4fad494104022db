// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>What an account holds, and held.</summary>
internal sealed partial class QueryServiceImpl
{
    /// <summary>
    /// Assets that are looked at for a page of a past height, at most, whether the account held any then.
    /// </summary>
    private const int MaxAssetsLookedAt = 2 * Limits.PageRows;

    public override Task<ListBalancesResponse> ListBalances(
        ListBalancesRequest request, ServerCallContext context)
    {
        Address account = RequestFields.Address(request.Account, "account");
        if (request.HasAtHeight)
        {
            return Task.FromResult(BalancesAt(account, request));
        }

        byte[] prefix = [(byte)Table.Balance, .. account.ToArray()];
        using Page page = Page.Open(
            pins, Listing.Balances, request.PageToken, request.PageSize, prefix);
        var view = new LedgerView(page.Snapshot.State);
        RequireAccount(view, account);
        var response = new ListBalancesResponse { AsOfHeight = page.Height, NextPageToken = page.NextToken };
        foreach (StateEntry entry in page.Entries)
        {
            AssetId.TryRead(entry.Key.Span[(1 + Address.Size)..], out AssetId asset);
            response.Balances.Add(StateMapper.ToWire(
                account, asset, StateCodec.Decode(entry.Value.Span, StateCodec.ReadAmount),
                RequireAsset(view, asset).Definition.Decimals));
        }

        return Task.FromResult(response);
    }

    /// <summary>The past does not change: pages need no pinned state to fit together.</summary>
    private ListBalancesResponse BalancesAt(in Address account, ListBalancesRequest request)
    {
        ulong at = request.AtHeight;
        AssetId? asset = AfterToken(account, at, request.PageToken);
        int size = RequestFields.PageSize(request.PageSize);
        using PinnedSnapshots.Lease lease = pins.Borrow(null);
        LedgerSnapshot ledger = lease.Snapshot;
        var view = new LedgerView(ledger.State);
        RequireAccount(view, account);
        RequireKept(at, ledger.Head.Height.Value);
        var response = new ListBalancesResponse { AsOfHeight = at };
        for (int lookedAt = 0; NextAsset(ledger, account, asset) is { } next; lookedAt++)
        {
            if (response.Balances.Count == size || lookedAt == MaxAssetsLookedAt)
            {
                response.NextPageToken = PageToken.Write(
                    Listing.BalancesAt, at, Place(account, asset!.Value));
                break;
            }

            asset = next;
            PastBalance past = PastBalance.At(
                ledger, runtime.Ledger.SnapshotHeight, account, next, new Height(at));
            if (!past.Amount.IsZero)
            {
                response.Balances.Add(StateMapper.ToWire(
                    account, next, past.Amount, RequireAsset(view, next).Definition.Decimals));
            }
        }

        return response;
    }

    /// <summary>
    /// In text order, the next asset that the account ever had since this ledger began, or has now.
    /// </summary>
    private static AssetId? NextAsset(LedgerSnapshot ledger, in Address account, AssetId? after)
    {
        byte[] prefix = [(byte)Table.Balance, .. account.ToArray()];
        byte[] from = after is { } last ? [.. StateKeys.Balance(account, last), 0] : prefix;
        IReadOnlyList<StateEntry> held = ledger.State.Range(from, Page.After(prefix), 1);
        AssetId? changed = ledger.NextChangedAsset(account, after);
        if (held.Count == 0)
        {
            return changed;
        }

        AssetId.TryRead(held[0].Key.Span[prefix.Length..], out AssetId now);
        return changed is { } other && other < now ? other : now;
    }

    private static byte[] Place(in Address account, in AssetId asset)
    {
        byte[] place = new byte[Address.Size + AssetId.Size];
        account.CopyTo(place);
        asset.CopyTo(place.AsSpan(Address.Size));
        return place;
    }

    private static AssetId? AfterToken(in Address account, ulong height, string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        PageToken place = PageToken.Read(Listing.BalancesAt, token);
        return place.Height == height
            && place.LastKey.Length == Address.Size + AssetId.Size
            && place.LastKey.StartsWith(account.ToArray())
            && AssetId.TryRead(place.LastKey[Address.Size..], out AssetId asset)
            ? asset
            : throw PageToken.Foreign();
    }
}
