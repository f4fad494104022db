// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Commands;

/// <summary>tl version.</summary>
internal static class VersionCommand
{
    public const string Name = "version";
    public const string About = "Says which version this is.";

    public static TlCommand Build() =>
        new TlCommand(Name, About, "tl version", "tl version -o json").Does((session, _) =>
    {
        string version = typeof(VersionCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string runtime = Environment.Version.ToString();
        session.Output.Detail(
            new JsonObject { ["version"] = version, ["dotnet"] = runtime }, ("tl", version),
            (".NET", runtime));
        return Task.CompletedTask;
    });
}
