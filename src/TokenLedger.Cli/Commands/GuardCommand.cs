// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Cli.Commands;

/// <summary>
/// tl node guard: a stopped validator's signer guard. What is exported is on its way to another machine, so
/// that the file left behind signs nothing any more; what is imported joins what is there, by the maximum.
/// </summary>
internal static class GuardCommand
{
    private const string Format = "tokenledger-guard-1";
    private const int MaxBytes = 4 * 1024;

    private const string Example = "node-1/guard/vote.guard";

    public static TlCommand Build() => new(
        "guard", "The signer guard of a stopped validator: what its key has signed.",
        $"tl node guard show {Example}")
    {
        Show(), Export(), Import(), Quarantine(),
    };

    private static TlCommand Show()
    {
        Argument<string> file = GuardArgument();
        return new TlCommand("show", "Shows how far the key has signed.", $"tl node guard show {Example}")
            { file }
            .Does((session, _) =>
            {
                using GuardFile guard = Open(session, session.Value(file));
                Print(session, Read(guard));
                return Task.CompletedTask;
            });
    }

    private static TlCommand Export()
    {
        Argument<string> file = GuardArgument();
        Option<string> to = Inputs.Required("--out", "FILE", "Where to write it.");
        return new TlCommand(
            "export", "Writes how far the key has signed, and puts the guard here in quarantine.",
            $"tl node guard export {Example} --out guard.json") { file, to }
            .Does(async (session, token) =>
            {
                using GuardFile guard = Open(session, session.Value(file));
                GuardState state = Read(guard);

                // In this order: a crash between the two leaves a guard that signs nothing.
                guard.Replace((state with { Doubt = GuardDoubt.Ordered }).Encode());
                string path = session.Environment.FullPath(session.Value(to));
                await File.WriteAllTextAsync(path, JsonText.Indented(ToJson(state)) + "\n", token);
                session.Talk.Say($"Written to {path}; the guard here signs nothing any more.");
                Print(session, state);
            });
    }

    private static TlCommand Import()
    {
        Argument<string> file = GuardArgument();
        Option<string> from = Inputs.Required("--from", "FILE", "What export wrote on the stopped signer.");
        return new TlCommand(
            "import", "Takes over how far the key has signed elsewhere, and ends a quarantine.",
            $"tl node guard import {Example} --from guard.json") { file, from }
            .Does((session, _) =>
            {
                GuardState given = FromJson(InputFile.Text(session, session.Value(from), MaxBytes));
                using GuardFile guard = Open(session, session.Value(file));
                GuardState joined = guard.Read() is { Length: > 0 } held && TryDecode(held) is { } here
                    ? Joined(here, given)
                    : given;
                joined = joined with { Doubt = GuardDoubt.None };
                guard.Replace(joined.Encode());
                Print(session, joined);
                return Task.CompletedTask;
            });
    }

    private static TlCommand Quarantine()
    {
        Argument<string> file = GuardArgument();
        return new TlCommand(
            "quarantine", "Has the validator sign nothing until its peers have told how far its key signed.",
            $"tl node guard quarantine {Example}") { file }
            .Does((session, _) =>
            {
                using GuardFile guard = Open(session, session.Value(file));
                GuardState state = Read(guard) with { Doubt = GuardDoubt.Ordered };
                guard.Replace(state.Encode());
                Print(session, state);
                return Task.CompletedTask;
            });
    }

    private static Argument<string> GuardArgument() =>
        new("guard") { Description = "The guard's file, as voteKey.guard in node.json names it." };

    private static GuardFile Open(Session session, string path)
    {
        try
        {
            return GuardFile.Open(session.Environment.FullPath(path));
        }
        catch (StorageFault e)
        {
            throw new CliException(
                e.Kind == StorageFaultKind.Locked ? "GUARD_IN_USE" : "GUARD_UNREADABLE",
                e.Kind == StorageFaultKind.Locked ? ExitCode.Conflict : ExitCode.Failed,
                e.Message, next: "Stop the validator first.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CliException(
                "GUARD_UNREADABLE", ExitCode.Failed, "The guard cannot be opened.", e.Message,
                "Run it as the validator's user, with the path of the file.");
        }
    }

    private static GuardState Read(GuardFile file) => file.Read() switch
    {
        null => throw new CliException(
            "GUARD_MISSING", ExitCode.NotFound, "There is no guard.",
            "Without one the validator runs, and signs nothing until its peers have told how far it signed.",
            "Start it, or import what a stopped signer exported: tl node guard import"),
        { } content => TryDecode(content) ?? throw new CliException(
            "GUARD_CORRUPT", ExitCode.VerificationFailed, "The guard's checksum does not hold.",
            "With it the validator runs, and signs nothing until its peers have told how far it signed.",
            "Start it, or import what a stopped signer exported: tl node guard import"),
    };

    private static GuardState? TryDecode(byte[] content)
    {
        try
        {
            return GuardState.Decode(content);
        }
        catch (CanonicalFormatException)
        {
            return null;
        }
    }

    private static GuardState Joined(GuardState here, GuardState given) =>
        here.GenesisHash == given.GenesisHash && here.VoteKey == given.VoteKey
            ? GuardState.Join(here, given)
            : throw new CliException(
                "GUARD_OF_ANOTHER_KEY", ExitCode.VerificationFailed,
                $"The guard here is of {Eip55.Format(here.VoteKey)}, the other of"
                    + $" {Eip55.Format(given.VoteKey)}, or they are of two networks.",
                next: "Nothing was changed; name the guard of the same key.");

    private static JsonObject ToJson(GuardState state) => new()
    {
        ["format"] = Format,
        ["genesisHash"] = state.GenesisHash.ToString(),
        ["voteKey"] = state.VoteKey.ToString(),
        ["epoch"] = state.Watermark.Epoch.Value,
        ["view"] = state.Watermark.View.Value,
        ["rank"] = state.Watermark.Rank,
        ["doubt"] = state.Doubt.ToString(),
    };

    private static GuardState FromJson(string text)
    {
        try
        {
            return StrictJson.Read(Encoding.UTF8.GetBytes(text), MaxBytes, root => root.Object(json =>
            {
                StrictValue format = json.Required("format");
                if (format.Text(MaxBytes) != Format)
                {
                    throw format.Unexpected(Format);
                }

                Hash256 genesis = json.Required("genesisHash").Hash();
                Address key = json.Required("voteKey").Address();
                var watermark = new GuardPosition(
                    new Epoch(json.Required("epoch").Number(0, ulong.MaxValue)),
                    new View(json.Required("view").Number(0, ulong.MaxValue)),
                    (byte)json.Required("rank").Number(0, 1));
                StrictValue doubt = json.Required("doubt");
                return doubt.Text(MaxBytes) == nameof(GuardDoubt.None)
                    ? new GuardState(genesis, key, GuardDoubt.None, watermark, [])
                    : throw doubt.Unexpected("an export of a guard that was not in quarantine");
            }));
        }
        catch (StrictJsonException e)
        {
            throw new CliException(
                "GUARD_EXPORT_INVALID", ExitCode.VerificationFailed, "This is no export of a guard.",
                e.Message, "Export it again on the stopped signer: tl node guard export");
        }
    }

    private static void Print(Session session, GuardState state) => session.Output.Detail(
        ToJson(state),
        ("vote key", Eip55.Format(state.VoteKey)),
        ("network", state.GenesisHash.ToString()),
        ("signed up to", $"epoch {state.Watermark.Epoch}, view {state.Watermark.View},"
            + $" rank {state.Watermark.Rank}"),
        ("signs", state.Doubt == GuardDoubt.None ? "yes" : $"NO: quarantine ({state.Doubt})"));
}
