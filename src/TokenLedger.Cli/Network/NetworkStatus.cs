// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Network;

/// <summary>A validator as `tl node status` shows it; null where nobody knows.</summary>
internal sealed record ValidatorRow(
    string Name, bool Reachable, ulong? Height, string? StateRoot, ulong? Lag, ulong? View)
{
    /// <summary>Why it signs no vote, in its own words; empty when it does, or nobody knows.</summary>
    public string Quarantine { get; init; } = "";

    /// <summary>What keeps its bridge from working; empty when nothing does.</summary>
    public string BridgeAlarm { get; init; } = "";
}

/// <summary>The network as its nodes' own answers show it.</summary>
internal sealed record NetworkStatus
{
    public required IReadOnlyList<ValidatorRow> Validators { get; init; }

    public required uint Quorum { get; init; }

    /// <summary>True when some node sees blocks become final in time.</summary>
    public required bool Finalizing { get; init; }

    public required ulong Height { get; init; }

    public required string Leader { get; init; }

    public required string Diagnosis { get; init; }

    /// <summary>True when two validators of one height have different state roots.</summary>
    public required bool Diverged { get; init; }

    public int Reachable => Validators.Count(v => v.Reachable);

    /// <summary>How many more validators may fail.</summary>
    public int Margin => Reachable - (int)Quorum;

    /// <summary>Joins what the nodes said.</summary>
    /// <param name="endpoints">Where was asked.</param>
    /// <param name="answers">What was answered, in the same order; null for nothing.</param>
    public static NetworkStatus Of(
        IReadOnlyList<string> endpoints, IReadOnlyList<GetNodeStatusResponse?> answers)
    {
        GetNodeStatusResponse[] heard = [.. answers.OfType<GetNodeStatusResponse>()];
        GetNodeStatusResponse? best = heard.MaxBy(a => a.Height);
        ulong top = best?.Height ?? 0;
        int silent = answers.Count - heard.Length;
        ValidatorRow[] rows = best is null
            ? [.. endpoints.Select(e => new ValidatorRow(e, false, null, null, null, null))]
            : Rows(heard, best, top, silent);
        return new NetworkStatus
        {
            Validators = rows,
            Quorum = best?.Quorum ?? 0,
            Finalizing = heard.Any(a => a.Finalizing),
            Height = top,
            Leader = best?.Leader ?? "",
            Diagnosis = heard.Select(a => a.Diagnosis).FirstOrDefault(d => d.Length > 0) ?? "",
            Diverged = rows.Where(r => r is { Height: not null, StateRoot: not null })
                .GroupBy(r => r.Height)
                .Any(g => g.Select(r => r.StateRoot).Distinct(StringComparer.Ordinal).Count() > 1),
        };
    }

    public JsonObject ToJson() => new()
    {
        ["validators"] = new JsonArray([.. Validators.Select(v => (JsonNode)new JsonObject
        {
            ["name"] = v.Name,
            ["reachable"] = v.Reachable,
            ["height"] = v.Height,
            ["stateRoot"] = v.StateRoot,
            ["lag"] = v.Lag,
            ["view"] = v.View,
            ["quarantine"] = v.Quarantine.Length > 0 ? v.Quarantine : null,
            ["bridgeAlarm"] = v.BridgeAlarm.Length > 0 ? v.BridgeAlarm : null,
        })]),
        ["quorum"] = Quorum == 0 ? null : Quorum,
        ["finalizing"] = Finalizing,
        ["margin"] = Quorum == 0 ? null : Margin,
        ["height"] = Height,
        ["leader"] = Leader,
        ["diagnosis"] = Diagnosis,
    };

    private static ValidatorRow[] Rows(
        GetNodeStatusResponse[] heard, GetNodeStatusResponse best, ulong top, int silent)
    {
        ValidatorStatus[] others =
            [.. best.Validators.Where(v => !Array.Exists(heard, a => a.Name == v.Name))];

        // With an endpoint for each that did not answer, its own silence decides; else the word of those who
        // did.
        bool silenceDecides = silent >= others.Length;
        var rows = new List<ValidatorRow>();
        foreach (ValidatorStatus v in best.Validators)
        {
            GetNodeStatusResponse? own = Array.Find(heard, a => a.Name == v.Name);
            bool reachable = own is not null || (!silenceDecides && SaidReachable(heard, v.Name));
            rows.Add(own is not null
                ? new ValidatorRow(v.Name, true, own.Height, Root(own.StateRoot), top - own.Height, own.View)
                {
                    Quarantine = own.Quarantine,
                    BridgeAlarm = own.BridgeAlarm,
                }
                : new ValidatorRow(
                    v.Name, reachable, Root(v.StateRoot) is null ? null : v.Height, Root(v.StateRoot),
                    Root(v.StateRoot) is null || v.Height > top ? null : top - v.Height, null));
        }

        // An observer answers too, and is no validator; it has no row.
        return [.. rows];
    }

    private static bool SaidReachable(GetNodeStatusResponse[] heard, string name) =>
        Array.Exists(heard, a => a.Validators.Any(v => v.Name == name && v.Reachable));

    // No root, or one of zeros: nobody has heard of that validator's state yet.
    private static string? Root(Google.Protobuf.ByteString root) =>
        !root.Span.ContainsAnyExcept((byte)0) ? null : Convert.ToHexStringLower(root.Span);
}
