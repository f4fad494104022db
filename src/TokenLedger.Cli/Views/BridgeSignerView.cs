// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Views;

/// <summary>Who stands behind a lane: its signers, whose signatures a message has, who stopped it and
/// why.</summary>
internal static class BridgeSignerView
{
    /// <summary>An institution and its key.</summary>
    public static string Name(LaneSigner signer) => signer.InstitutionName.Length > 0
        ? $"{signer.InstitutionName}, {BridgeView.Hex(signer.Key)}"
        : BridgeView.Hex(signer.Key);

    /// <summary>The present signers, and when this node heard of each.</summary>
    public static IEnumerable<(string Label, string Value)> Lines(Lane lane) => lane.Signers.Select(signer =>
        ("signer", $"{Name(signer)}{Heard(signer, lane.Node)}"));

    /// <summary>Whose signatures a message has, and who is missing.</summary>
    public static IEnumerable<(string Label, string Value)> Lines(Message message)
    {
        foreach (LaneSigner signer in message.SignedBy)
        {
            yield return ("signed by", Name(signer));
        }

        foreach (LaneSigner signer in message.UnsignedBy)
        {
            yield return ("not signed by", Name(signer));
        }
    }

    /// <summary>Why a lane stands still, who reported what, and alarms that have not stopped it.</summary>
    public static IEnumerable<(string Label, string Value)> Reasons(Lane lane)
    {
        foreach (LaneStop stop in lane.Standing)
        {
            yield return (
                "reason", $"{BridgeView.Stops(stop.Stops)} since {Times.Human(stop.TimeMs)}, "
                    + $"height {stop.Height}{(stop.OrEarlier ? " or earlier" : "")}: {stop.Reason}");
            foreach (SignerVoice voice in stop.Voices)
            {
                yield return ("reported by", $"{Name(voice.Signer)}, height {voice.Height}: {voice.Said}");
            }
        }

        uint known = lane.Standing.Aggregate(0u, static (sum, stop) => sum | stop.Stops);
        if ((lane.Stops & ~known) is var unknown and not 0)
        {
            yield return (
                "reason", $"{BridgeView.Stops(unknown)} for a reason from before height "
                    + $"{lane.SearchedFromHeight}, the lowest that this node searched");
        }

        foreach (SignerVoice alarm in lane.Alarms)
        {
            yield return ("alarm of", $"{Name(alarm.Signer)}: {alarm.Said}");
        }
    }

    /// <summary>The change of signers that is under way.</summary>
    public static IEnumerable<(string Label, string Value)> Lines(OpenRotation? rotation)
    {
        if (rotation is null)
        {
            yield break;
        }

        Message message = rotation.Message;
        yield return (
            "rotation", $"message {message.Id}: {message.Signatures} of {message.Quorum} signatures; "
                + (rotation.NotBeforeSeconds == 0
                    ? "at once"
                    : $"not before {Times.Human(rotation.NotBeforeSeconds * 1_000)}"));
        foreach (LaneSigner signer in rotation.Signers)
        {
            yield return ("new signer", Name(signer));
        }

        foreach ((string Label, string Value) line in Lines(message))
        {
            yield return line;
        }

        yield return ("abroad", rotation.Seen switch
        {
            RotationSeen.Stands => "the new signers stand there, as this node sees",
            RotationSeen.Another => "OTHER signers stand there than were asked for, as this node sees",
            RotationSeen.NotYet => "the new signers do not stand there yet, as this node sees",
            _ => "this node does not know",
        });
        foreach (LaneSigner signer in rotation.ReportedBy)
        {
            yield return ("reported by", Name(signer));
        }
    }

    public static JsonArray ToJson(IEnumerable<LaneSigner> signers) =>
        new([.. signers.Select(one => (JsonNode)ToJson(one))]);

    public static JsonObject ToJson(LaneSigner signer) => new()
    {
        ["key"] = BridgeView.Hex(signer.Key),
        ["institution"] = BridgeView.Hex(signer.Institution),
        ["institutionName"] = signer.InstitutionName,
        ["heardAt"] = signer.HeardAtMs == 0 ? null : Times.Iso(signer.HeardAtMs),
    };

    public static JsonObject? ToJson(Message? message) => message is null ? null : new JsonObject
    {
        ["id"] = message.Id,
        ["epoch"] = message.Epoch,
        ["signatures"] = message.Signatures,
        ["quorum"] = message.Quorum,
        ["signedBy"] = ToJson(message.SignedBy),
        ["unsignedBy"] = ToJson(message.UnsignedBy),
    };

    public static JsonArray ToJson(IEnumerable<LaneStop> standing) =>
        new([.. standing.Select(stop => (JsonNode)new JsonObject
        {
            ["stopped"] = BridgeView.Stops(stop.Stops),
            ["reason"] = stop.Reason,
            ["height"] = stop.Height,
            ["orEarlier"] = stop.OrEarlier,
            ["time"] = Times.Iso(stop.TimeMs),
            ["transaction"] = stop.TransactionId.IsEmpty
                ? null
                : Convert.ToHexStringLower(stop.TransactionId.Span),
            ["reportedBy"] = ToJson(stop.Voices),
        })]);

    public static JsonArray ToJson(IEnumerable<SignerVoice> voices) =>
        new([.. voices.Select(voice => (JsonNode)new JsonObject
        {
            ["signer"] = ToJson(voice.Signer),
            ["said"] = voice.Said,
            ["height"] = voice.Height == 0 ? null : voice.Height,
        })]);

    public static JsonObject? ToJson(OpenRotation? rotation) => rotation is null ? null : new JsonObject
    {
        ["message"] = ToJson(rotation.Message),
        ["signers"] = ToJson(rotation.Signers),
        ["notBefore"] = rotation.NotBeforeSeconds == 0
            ? null
            : Times.Iso(rotation.NotBeforeSeconds * 1_000),
        ["abroad"] = rotation.Seen == RotationSeen.Unspecified
            ? "unknown"
            : OperationView.Snake(rotation.Seen.ToString()),
        ["reportedBy"] = ToJson(rotation.ReportedBy),
    };

    private static string Heard(LaneSigner signer, NodeView? node) => node is not { WatchingSinceMs: > 0 }
        ? ""
        : signer.HeardAtMs > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; heard {Times.Human(signer.HeardAtMs)}")
            : $"; not heard since {Times.Human(node.WatchingSinceMs)}";
}
