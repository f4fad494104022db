// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Protocol;

namespace TokenLedger.Cli.Commands;

/// <summary>tl node api-key: a key for a client of the API.</summary>
internal static class NodeApiKey
{
    public static TlCommand Build()
    {
        Option<string> output = Inputs.Required("--out", "FILE", "The key's file: it must not be there.");
        return new TlCommand(
            "api-key",
            "Makes a key for a client of the API. The file is the client's; its hash goes into the node's "
                + "file of principals.",
            "tl node api-key --out exchange-1.key") { output }.Does((session, _) =>
            {
                string file = session.Environment.FullPath(session.Value(output));
                string key = ApiKey.Generate();
                Write(file, key);
                string hash = ApiKey.HashOf(key).ToString();
                session.Output.Detail(
                    new JsonObject { ["file"] = file, ["hash"] = hash }, ("file", file), ("hash", hash));
                session.Talk.Say(
                    "In the node's file of principals: \"keys\": [{ \"hash\": \"" + hash + "\" }]");
                return Task.CompletedTask;
            });
    }

    /// <summary>Nobody else can read it, not even before it is whole.</summary>
    private static void Write(string file, string key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var writer = new StreamWriter(new FileStream(file, options));
            writer.Write(key + "\n");
        }
        catch (IOException) when (File.Exists(file))
        {
            throw CliException.Usage($"{file} is there already.", next: "Name another file.");
        }
    }
}
