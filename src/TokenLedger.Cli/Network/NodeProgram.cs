// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;

namespace TokenLedger.Cli.Network;

/// <summary>
/// Runs tokenledger-node for work on a ledger's files, which this program knows nothing of: starts it, shows
/// its progress, and gives its result or its failure as this program's own.
/// </summary>
internal static class NodeProgram
{
    private const string Executable = "tokenledger-node";
    private const string Prefix = Executable + ": ";

    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    public static Option<string?> Option() => Inputs.Optional(
        "--node-program", "FILE", "tokenledger-node, or its .dll (default: beside tl, else on the PATH).");

    /// <summary>Runs one command to its end.</summary>
    /// <returns>Its result.</returns>
    /// <exception cref="CliException">It failed.</exception>
    public static async Task<JsonObject> RunAsync(
        Session session, string? program, string what, IReadOnlyList<string> arguments,
        CancellationToken token)
    {
        string path = Find(session.Environment, program);
        bool managed = path.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(managed ? "dotnet" : path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = session.Environment.WorkingDirectory,
        };
        string[] all = managed ? [path, .. arguments] : [.. arguments];
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string progress = what;
        return await Progress.WhileAsync(
            session, () => progress, () => FollowAsync(process, line => progress = $"{what}: {line}", token));
    }

    private static async Task<JsonObject> FollowAsync(
        Process process, Action<string> progress, CancellationToken token)
    {
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(token);
            JsonObject? result = null;
            while (await process.StandardOutput.ReadLineAsync(token) is { } line)
            {
                JsonNode? said = Parse(line);
                result = said?["result"] as JsonObject ?? result;
                if (said?["progress"] is JsonObject now)
                {
                    progress(Text(now));
                }
            }

            await process.WaitForExitAsync(token);
            return result ?? throw Failure(await error, process.ExitCode);
        }
        finally
        {
            // A terminal's Ctrl-C reaches it too; it ends by itself and leaves nothing half done.
            if (!process.HasExited && !process.WaitForExit(EndsWithin))
            {
                process.Kill();
            }
        }
    }

    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonObject now)
    {
        string unit = now["unit"]?.GetValue<string>() ?? "";
        ulong done = now["done"]!.GetValue<ulong>();
        ulong total = now["total"]!.GetValue<ulong>();
        ulong rate = now["perSecond"]!.GetValue<ulong>();
        CultureInfo c = CultureInfo.InvariantCulture;
        return unit == "bytes"
            ? string.Create(c, $"{done >> 20} of {total >> 20} MiB")
            : string.Create(c, $"block {done} of {total}, {rate} a second");
    }

    /// <summary>Its one line on standard error: a code and what to do.</summary>
    private static CliException Failure(string error, int exitCode)
    {
        string? line = error.Split('\n')
            .LastOrDefault(text => text.StartsWith(Prefix, StringComparison.Ordinal));
        string[] parts = (line ?? $"{Prefix}NODE_PROGRAM_FAILED: {Executable} ended with {exitCode}. {error}")
            [Prefix.Length..].Split(": ", 2);
        string code = parts[0];
        return new CliException(code, ExitOf(code), parts[^1].Trim(), next: NextAfter(code));
    }

    private static ExitCode ExitOf(string code) => code switch
    {
        "BACKUP_CORRUPT" or "BACKUP_INVALID" or "BACKUP_GENESIS" or "STORAGE_GENESIS" or "STORAGE_CORRUPT" =>
            ExitCode.VerificationFailed,
        "BACKUP_PASSPHRASE" or "ACCESS_DENIED" => ExitCode.Auth,
        "BACKUP_EXISTS" or "RESTORE_TARGET" or "STORAGE_LOCKED" => ExitCode.Conflict,
        "CONFIGURATION_INVALID" or "GENESIS_INVALID" => ExitCode.Usage,
        "CONFIGURATION_MISSING" or "GENESIS_MISSING" or "LEDGER_MISSING" => ExitCode.NotFound,
        _ => ExitCode.Failed,
    };

    private static string NextAfter(string code) => code switch
    {
        "BACKUP_EXISTS" => "Name another folder in --to, one that does not exist.",
        "BACKUP_PASSPHRASE" => "Pass --passphrase-file with the file that the backup was made with.",
        "BACKUP_CORRUPT" or "BACKUP_INVALID" => "Restore another copy of the backup, or sync from the peers.",
        "STORAGE_LOCKED" => "Stop the node, then try again.",
        _ => "",
    };

    private static string Find(CliEnvironment environment, string? given)
    {
        if (given is not null)
        {
            string path = environment.FullPath(given);
            return File.Exists(path) ? path : throw Missing(path);
        }

        string[] places =
        [
            AppContext.BaseDirectory, .. (environment.Variable("PATH") ?? "").Split(Path.PathSeparator),
        ];
        return places.Where(place => place.Length > 0)
            .SelectMany(place => new[] { Executable, Executable + ".dll" }
                .Select(name => Path.Combine(place, name)))
            .FirstOrDefault(File.Exists) ?? throw Missing(Executable);
    }

    private static CliException Missing(string what) => new(
        "NODE_PROGRAM_MISSING", ExitCode.NotFound, $"{what} is not there.",
        "Backups, restoring and verifying are done by the node's program.",
        "Pass --node-program FILE, or put it on the PATH.");
}
