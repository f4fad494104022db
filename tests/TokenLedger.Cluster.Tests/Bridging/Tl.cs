// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>What one run of <c>tl</c> came to.</summary>
internal sealed record TlResult(int Exit, string Out, string Error)
{
    /// <summary>The object or list that was put out as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Out)!;

    /// <summary>The error as programs get it.</summary>
    public JsonNode ErrorJson => JsonNode.Parse(
        Error[Error.LastIndexOf("{\"error\"", StringComparison.Ordinal)..])!["error"]!;
}

/// <summary><c>tl</c> as somebody with the network's client folder runs it.</summary>
/// <param name="networkFolder">The network's folder.</param>
internal sealed class Tl(string networkFolder)
{
    /// <summary>Runs a command line to its end. What holds blanks is one more argument.</summary>
    public async Task<TlResult> RunAsync(string line, params string[] more)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new StringReader("");
        int exit = await CommandLine.RunAsync(
            [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. more],
            new CliEnvironment
            {
                Out = output,
                Error = error,
                In = input,
                Time = TimeProvider.System,
                Variables = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["TL_CONTEXT"] = Path.Combine(networkFolder, "client", "context.json"),
                    ["TL_YES"] = "1",
                },
                Terminal = new TerminalFacts(false, false, false, 160, false),
                WorkingDirectory = networkFolder,
                ReadSecret = static () => null,
            },
            CancellationToken.None);
        return new TlResult(exit, output.ToString(), error.ToString());
    }

    /// <summary>Runs what must succeed.</summary>
    public async Task<TlResult> MustAsync(string line, params string[] more)
    {
        TlResult done = await RunAsync(line, more);
        Assert.True(done.Exit == 0, $"tl {line}: exit {done.Exit}. {done.Error}");
        return done;
    }

    /// <summary>Proposes, and has other officers approve.</summary>
    public async Task DecideAsync(string line)
    {
        JsonNode proposed = (await MustAsync(
            $"{line} --from ministry-maker-1 -o json --reason", "For a test")).Json;
        string id = TlJson.Text(proposed["proposalId"] ?? TlJson.Find(proposed, "proposalId"));
        foreach (string checker in (string[])["ministry", "central-bank", "regulator"])
        {
            TlResult approved = await RunAsync($"proposal approve {id} --from {checker}-checker-1");

            // It may have taken effect with fewer.
            Assert.True(approved.Exit is 0 or 6, approved.Error);
        }
    }
}

/// <summary>Reads what <c>tl</c> puts out.</summary>
internal static class TlJson
{
    /// <summary>The first member of a name, at any depth; of an object of a type, if one is given.</summary>
    public static JsonNode? Find(JsonNode? node, string name, string? type = null) => node switch
    {
        JsonObject one when one[name] is { } found && (type is null || Text(one["type"]) == type) => found,
        JsonObject one => one.Select(member => Find(member.Value, name, type))
            .FirstOrDefault(static found => found is not null),
        JsonArray list => list.Select(item => Find(item, name, type))
            .FirstOrDefault(static found => found is not null),
        _ => null,
    };

    /// <summary>A value as text; nothing for none.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue(out string? told) => told,
        _ => value.ToJsonString(),
    };
}
