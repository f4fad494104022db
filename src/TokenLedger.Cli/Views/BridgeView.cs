// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Bridge.V1;
using BridgePlace = TokenLedger.Protocol.Ledger.V1.BridgePlace;
using Lock = TokenLedger.Protocol.Bridge.V1.Lock;

namespace TokenLedger.Cli.Views;

/// <summary>What the bridge says, in the machine's form and in people's.</summary>
internal static class BridgeView
{
    /// <summary>Atomic units as whole ones.</summary>
    public static string Units(string atomic, uint decimals) =>
        Amount.TryParse(atomic, out Amount amount) ? AmountText.Grouped(amount, (int)decimals) : atomic;

    public static string Units(string atomic, LaneToken token) => Units(atomic, token.Decimals);

    /// <summary>What is locked and not explained, or the other way round; "?" while it cannot be
    /// said.</summary>
    public static string Difference(Backing backing)
    {
        if (backing.Verdict == Verdict.NotComparable)
        {
            return "?";
        }

        UInt128 locked = Parse(backing.Locked);
        UInt128 explained = Parse(backing.Supply) + Parse(backing.MintsInFlight)
            + Parse(backing.VoidsUnrefunded) + Parse(backing.BurnsUnreleased);
        string sign = explained > locked ? "-" : "";
        UInt128 size = explained > locked ? explained - locked : locked - explained;
        return sign + AmountText.Grouped(new Amount(size), (int)backing.Decimals);
    }

    public static string Stops(uint stops) => (BridgeStops)stops switch
    {
        BridgeStops.None => "none",
        var set => string.Join(", ", Enum.GetValues<BridgeStops>()
            .Where(one => one != BridgeStops.None && (set & one) != 0)
            .Select(static one => OperationView.Snake(one.ToString()))),
    };

    public static IEnumerable<(string Label, string Value)> Lines(Lane lane, AddressBook addresses)
    {
        yield return ("chain", lane.Terms.ChainId.ToString(CultureInfo.InvariantCulture));
        yield return ("bridge", Hex(lane.Terms.Contract));
        yield return ("stopped", Stops(lane.Stops));
        foreach ((string Label, string Value) line in BridgeSignerView.Reasons(lane))
        {
            yield return line;
        }

        yield return ("signers", $"{lane.Quorum} of {lane.Terms.Signers.Count}, epoch {lane.Epoch}");
        foreach ((string Label, string Value) line in BridgeSignerView.Lines(lane)
            .Concat(BridgeSignerView.Lines(lane.OpenRotation)))
        {
            yield return line;
        }

        yield return ("open locks", lane.OpenLocks.ToString(CultureInfo.InvariantCulture));
        yield return ("suspended", $"{lane.SuspendedBurns} burns");
        foreach (LaneToken token in lane.Tokens)
        {
            yield return (token.Asset, $"{Units(token.InEscrow, token)} locked; token {Hex(token.Token)}");
        }

        if (lane.Node is not { } node)
        {
            yield return ("this node", "does not look at this chain");
            yield break;
        }

        yield return ("this node", node.Halt.Length > 0 ? "HALTED: " + node.Halt
            : node.Note.Length > 0 ? node.Note
            : node.Stall.Length > 0 ? "waits for finality"
            : "works");
        yield return ("final block", node.FinalBlock.ToString(CultureInfo.InvariantCulture)
            + (node.FinalTimeSeconds == 0 ? "" : $", made {Times.Human(node.FinalTimeSeconds * 1_000)}"));
        if (node.Stall.Length > 0)
        {
            yield return ("finality", "STALLED: " + node.Stall);
        }

        yield return ("signs as", addresses.NameAndAddress(node.Signer));
    }

    public static IEnumerable<(string Label, string Value)> Lines(
        GetLockResponse response, Lane lane, AddressBook addresses)
    {
        Lock one = response.Lock;
        yield return ("lock", one.Nonce.ToString(CultureInfo.InvariantCulture));
        yield return ("status", Status(one));
        yield return ("asset", one.Asset);
        yield return ("amount", Units(one.Amount, DecimalsOf(lane, one.Asset)));
        yield return ("from", addresses.NameAndAddress(one.From));
        yield return ("to, abroad", Hex(one.Recipient));
        yield return ("locked at", Times.Iso(one.LockedAtMs));
        if (one.ReadyAtMs > one.LockedAtMs)
        {
            yield return ("may be signed from", Times.Iso(one.ReadyAtMs));
        }

        yield return ("deadline", Times.Iso(one.DeadlineSeconds * 1_000));
        if (response.Mint is { } mint)
        {
            yield return ("message",
                $"{mint.Id}: {mint.Signatures} of {mint.Quorum} signatures, epoch {mint.Epoch}");
            foreach ((string Label, string Value) line in BridgeSignerView.Lines(mint))
            {
                yield return line;
            }
        }

        if (response.Refusal is { } refusal)
        {
            yield return (
                "refused abroad", $"{refusal.Words} ({refusal.Name}, {refusal.Reason}), in block "
                    + $"{refusal.Place.BlockNumber}; it is tried again until the deadline");
        }

        if (response.Void is { } cancelled)
        {
            yield return (
                "cancelled by", $"{cancelled.Id}: {cancelled.Signatures} of {cancelled.Quorum} signatures");
            foreach ((string Label, string Value) line in BridgeSignerView.Lines(cancelled))
            {
                yield return line;
            }
        }

        foreach ((string Label, string Value) line in Lines(one.Place))
        {
            yield return line;
        }
    }

    public static IEnumerable<(string Label, string Value)> Lines(Burn burn, Lane lane, AddressBook addresses)
    {
        yield return ("burn", burn.Seen.Nonce.ToString(CultureInfo.InvariantCulture));
        yield return ("status", Status(burn));
        yield return ("asset", burn.Asset.Length > 0 ? burn.Asset : "unknown token " + Hex(burn.Seen.Token));
        yield return ("amount", Units(burn.Seen.Amount, DecimalsOf(lane, burn.Asset)));
        yield return ("from, abroad", Hex(burn.Seen.From));
        yield return ("to", burn.To.IsEmpty ? Hex(burn.Seen.Recipient) : addresses.NameAndAddress(burn.To));
        foreach ((string Label, string Value) line in Lines(burn.Seen.Place))
        {
            yield return line;
        }
    }

    public static JsonObject ToJson(Lane lane) => new()
    {
        ["chainId"] = lane.Terms.ChainId,
        ["bridge"] = Hex(lane.Terms.Contract),
        ["validatorSet"] = Hex(lane.Terms.SignerContract),
        ["epoch"] = lane.Epoch,
        ["quorum"] = lane.Quorum,
        ["signers"] = BridgeSignerView.ToJson(lane.Signers),
        ["stopped"] = Stops(lane.Stops),
        ["reasons"] = BridgeSignerView.ToJson(lane.Standing),
        ["reasonsSearchedFrom"] = lane.SearchedFromHeight == 0 ? null : lane.SearchedFromHeight,
        ["alarms"] = BridgeSignerView.ToJson(lane.Alarms),
        ["rotation"] = BridgeSignerView.ToJson(lane.OpenRotation),
        ["openLocks"] = lane.OpenLocks,
        ["suspendedBurns"] = lane.SuspendedBurns,
        ["nextLock"] = lane.NextLock,
        ["nextBurn"] = lane.NextBurn,
        ["tokens"] = new JsonArray([.. lane.Tokens.Select(t => (JsonNode)ToJson(t))]),
        ["node"] = lane.Node is not { } node ? null : new JsonObject
        {
            ["signer"] = Hex(node.Signer),
            ["sender"] = Hex(node.Sender),
            ["finalBlock"] = node.FinalBlock,
            ["finalBlockTime"] = node.FinalTimeSeconds == 0 ? null
                : Times.Iso(node.FinalTimeSeconds * 1_000),
            ["stall"] = node.Stall,
            ["openSends"] = node.OpenSends,
            ["halt"] = node.Halt,
            ["note"] = node.Note,
            ["watchingSince"] = node.WatchingSinceMs == 0 ? null : Times.Iso(node.WatchingSinceMs),
        },
    };

    public static JsonObject ToJson(LaneToken token) => new()
    {
        ["asset"] = token.Asset,
        ["token"] = Hex(token.Token),
        ["decimals"] = token.Decimals,
        ["perItem"] = token.PerItem,
        ["ceiling"] = token.Ceiling,
        ["delayAbove"] = token.DelayAbove,
        ["delayMs"] = token.DelayMs,
        ["least"] = token.Least,
        ["outbound"] = BridgeLimitsView.ToJson(token.Outbound),
        ["inbound"] = BridgeLimitsView.ToJson(token.Inbound),
        ["outboundAvailable"] = token.OutboundAvailable,
        ["inboundAvailable"] = token.InboundAvailable,
        ["inEscrow"] = token.InEscrow,
        ["locked"] = token.Locked,
        ["refunded"] = token.Refunded,
        ["minted"] = token.Minted,
        ["burned"] = token.Burned,
        ["released"] = token.Released,
        ["reportedSupply"] = token.Report?.Supply,
        ["reportedBlock"] = token.Report?.Place.BlockNumber,
        ["reportedHeight"] = token.Report?.AgreedHeight,
    };

    public static JsonObject ToJson(GetLockResponse response)
    {
        JsonObject json = ToJson(response.Lock);
        json["signatures"] = response.Mint?.Signatures ?? 0;
        json["quorum"] = response.Mint?.Quorum ?? 0;
        json["mint"] = BridgeSignerView.ToJson(response.Mint);
        json["void"] = BridgeSignerView.ToJson(response.Void);
        json["refusal"] = response.Refusal is not { } refusal ? null : new JsonObject
        {
            ["reason"] = refusal.Reason,
            ["name"] = refusal.Name,
            ["words"] = refusal.Words,
            ["blockNumber"] = refusal.Place.BlockNumber,
            ["transactionHash"] = Hex(refusal.Place.TransactionHash),
        };
        return json;
    }

    public static JsonObject ToJson(Lock one) => new()
    {
        ["direction"] = "out",
        ["id"] = one.Nonce,
        ["status"] = Status(one),
        ["asset"] = one.Asset,
        ["amount"] = one.Amount,
        ["from"] = Hex(one.From),
        ["to"] = Hex(one.Recipient),
        ["readyAt"] = Times.Iso(one.ReadyAtMs),
        ["deadline"] = Times.Iso(one.DeadlineSeconds * 1_000),
        ["block"] = one.Place?.BlockNumber,
        ["transaction"] = one.Place is { } place ? Hex(place.TransactionHash) : null,
    };

    public static JsonObject ToJson(Burn burn) => new()
    {
        ["direction"] = "in",
        ["id"] = burn.Seen.Nonce,
        ["status"] = Status(burn),
        ["asset"] = burn.Asset,
        ["amount"] = burn.Seen.Amount,
        ["from"] = Hex(burn.Seen.From),
        ["to"] = burn.To.IsEmpty ? null : Hex(burn.To),
        ["hindrance"] = burn.Hindrance,
        ["block"] = burn.Seen.Place.BlockNumber,
        ["transaction"] = Hex(burn.Seen.Place.TransactionHash),
    };

    public static JsonObject ToJson(Backing backing) => new()
    {
        ["asset"] = backing.Asset,
        ["token"] = Hex(backing.Token),
        ["height"] = backing.Height,
        ["block"] = backing.BlockNumber,
        ["blockHash"] = Hex(backing.BlockHash),
        ["locked"] = backing.Locked,
        ["supply"] = backing.Supply,
        ["mintsInFlight"] = backing.MintsInFlight,
        ["voidsUnrefunded"] = backing.VoidsUnrefunded,
        ["burnsUnreleased"] = backing.BurnsUnreleased,
        ["verdict"] = OperationView.Snake(backing.Verdict.ToString()),
        ["note"] = backing.Note,
    };

    public static string Status(Lock one) => OperationView.Snake(one.Status.ToString());

    public static string Status(Burn burn) => burn.Hindrance.Length > 0
        ? $"{OperationView.Snake(burn.Status.ToString())} ({burn.Hindrance})"
        : OperationView.Snake(burn.Status.ToString());

    public static uint DecimalsOf(Lane lane, string asset) =>
        lane.Tokens.FirstOrDefault(token => token.Asset == asset)?.Decimals ?? 0;

    public static string Hex(ByteString bytes) => bytes.Length == Address.Size
        ? Eip55.Format(new Address(bytes.Span))
        : "0x" + Convert.ToHexStringLower(bytes.Span);

    private static IEnumerable<(string Label, string Value)> Lines(BridgePlace? place)
    {
        if (place is not null)
        {
            yield return ("block abroad", place.BlockNumber.ToString(CultureInfo.InvariantCulture));
            yield return ("transaction", Hex(place.TransactionHash));
        }
    }

    private static UInt128 Parse(string atomic) =>
        Amount.TryParse(atomic, out Amount amount) ? amount.Units : 0;
}

/// <summary>One transfer in a list.</summary>
internal sealed record BridgeRow(
    string Direction, string Id, string Asset, string Amount, string From, string To, string Status,
        JsonObject Json)
{
    public static BridgeRow Of(Lock one, Lane lane, AddressBook addresses) => new(
        "out", one.Nonce.ToString(CultureInfo.InvariantCulture), one.Asset,
        BridgeView.Units(one.Amount, BridgeView.DecimalsOf(lane, one.Asset)), addresses.Name(one.From),
        Short(one.Recipient), BridgeView.Status(one), BridgeView.ToJson(one));

    public static BridgeRow Of(Burn burn, Lane lane, AddressBook addresses) => new(
        "in", "burn-" + burn.Seen.Nonce.ToString(CultureInfo.InvariantCulture), burn.Asset,
        BridgeView.Units(burn.Seen.Amount, BridgeView.DecimalsOf(lane, burn.Asset)), Short(burn.Seen.From),
        burn.To.IsEmpty ? "" : addresses.Name(burn.To), BridgeView.Status(burn), BridgeView.ToJson(burn));

    private static string Short(ByteString address)
    {
        string text = BridgeView.Hex(address);
        return text.Length > 12 ? $"{text[..6]}…{text[^4..]}" : text;
    }
}
