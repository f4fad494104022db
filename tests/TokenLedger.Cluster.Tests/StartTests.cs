// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using TokenLedger.Chaos;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A node that cannot start says why in one line, with a code and an exit code, and changes nothing.
/// </summary>
[Collection("single nodes")]
[Trait("Category", "Cluster")]
public sealed class StartTests : IDisposable
{
    private const int Configuration = 3;
    private const int Network = 4;
    private const int Storage = 5;

    private readonly TestFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Start_WrongConfigurationGenesisOrKey_FailsAndTouchesNothing()
    {
        using var node = new SingleNode(_temporary, "one");
        using var other = new SingleNode(_temporary, "other");
        string foreign = Path.Combine(other.NodeFolder);
        string notGenesis = node.Beside("not-genesis.json");
        File.WriteAllText(notGenesis, "{\"networkName\": 5}");
        string wrongPassword = node.Beside("wrong-password");
        File.WriteAllText(wrongPassword, "not the password");
        (string Code, Action<JsonNode> Change)[] cases =
        [
            ("CONFIGURATION_INVALID", root => root["dataDirectry"] = "data"),
            ("CONFIGURATION_INVALID", root => root.AsObject().Remove("operations")),
            ("CONFIGURATION_INVALID", root => root["api"]!["listen"] = "127.0.0.1:99999"),
            ("GENESIS_MISSING", root => root["genesis"] = "no-such.json"),
            ("GENESIS_INVALID", root => root["genesis"] = notGenesis),
            ("VOTE_KEY_UNKNOWN", root => root["genesis"] = Path.Combine(other.Folder, "genesis.json")),
            ("VOTE_KEY_UNKNOWN", root => root["name"] = "validator-9"),
            ("VOTE_KEY_UNKNOWN", root => root["voteKey"] = new JsonObject
            {
                ["keystore"] = Path.Combine(foreign, "keys", "vote.json"),
                ["passwordFile"] = Path.Combine(foreign, "keys", "password"),
                ["guard"] = Path.Combine(foreign, "guard", "vote.guard"),
            }),
            ("CONFIGURATION_INVALID", root => root["voteKey"]!.AsObject().Remove("guard")),
            ("CONFIGURATION_INVALID", root => root["voteKey"]!["guard"] = "data/vote.guard"),
            ("VOTE_KEY_UNKNOWN", root => root.AsObject().Remove("voteKey")),
            ("KEYSTORE", root => root["voteKey"]!["passwordFile"] = wrongPassword),
            ("KEYSTORE", root => root["voteKey"]!["passwordFile"] = "no-such-password"),
            ("KEYSTORE", root => root["voteKey"]!["keystore"] = "no-such-keystore"),
            ("TLS_KEY_UNKNOWN", root => root["tls"] = new JsonObject
            {
                ["certificate"] = Path.Combine(foreign, "tls", "cert.pem"),
                ["key"] = Path.Combine(foreign, "tls", "key.pem"),
            }),
            ("CERTIFICATE_INVALID", root => root["tls"]!["key"] = Path.Combine(foreign, "tls", "key.pem")),
            ("CERTIFICATE_INVALID", root => root["tls"]!["certificate"] = "no-such.pem"),
        ];
        IReadOnlyList<string> before = node.Content();
        string changed = Path.Combine(node.NodeFolder, "changed.json");
        foreach ((string code, Action<JsonNode> change) in cases)
        {
            SingleNode.Configure(node.ConfigurationPath, changed, change);
            await SingleNode.RequireFailsAsync(changed, code, Configuration);
            File.Delete(changed);
            Assert.Equal(before, node.Content());
        }

        await SingleNode.RequireFailsAsync(changed, "CONFIGURATION_MISSING", Configuration);
    }

    [Fact]
    public async Task Start_PortOccupiedOrDataInUse_FailsAndTheNodeIsUnharmed()
    {
        using var node = new SingleNode(_temporary, "one");
        for (int listener = 1; listener <= 3; listener++)
        {
            using var occupier = new TcpListener(IPAddress.Loopback, node.Port(listener));
            occupier.Start();
            await node.RequireFailsAsync("PORT_OCCUPIED", Network);
        }

        await node.StartAsync();
        string second = Path.Combine(node.NodeFolder, "second.json");
        using (var free = new SingleNode(_temporary, "free"))
        {
            SingleNode.Configure(node.ConfigurationPath, second, root =>
            {
                root["peers"]!["listen"] = $"127.0.0.1:{free.Port(1)}";
                root["api"]!["listen"] = $"127.0.0.1:{free.Port(2)}";
                root["operations"]!["listen"] = $"127.0.0.1:{free.Port(3)}";
            });
            await SingleNode.RequireFailsAsync(second, "STORAGE_LOCKED", Storage);
        }

        await node.StopAsync();
        await node.StartAsync();
        await node.StopAsync();
    }

    [Fact]
    public async Task Start_DataOfAnotherNetwork_FailsAndHarmsNeither()
    {
        using var node = new SingleNode(_temporary, "one");
        using var other = new SingleNode(_temporary, "other");
        ulong height = await node.StartAsync();
        await node.StopAsync();
        string kept = node.Beside("kept");
        CopyFolder(node.DataFolder, kept);
        other.ReplaceData(kept);
        await other.RequireFailsAsync("STORAGE_GENESIS", Storage);

        // Its own ledger beside the other network's votes is no better.
        Directory.Delete(Path.Combine(other.DataFolder, "ledger"), recursive: true);
        await other.RequireFailsAsync("STORAGE_GENESIS", Storage);
        node.ReplaceData(other.DataFolder);
        CopyFolder(Path.Combine(kept, "ledger"), Path.Combine(node.DataFolder, "ledger"), replace: true);
        Assert.True(await node.StartAsync() > height);
        await node.StopAsync();
    }

    [Theory]
    [InlineData("ledger", "CURRENT")]
    [InlineData("ledger", "MANIFEST-*")]
    [InlineData("ledger", "*.sst")]
    [InlineData("consensus", "CURRENT")]
    [InlineData("consensus", "MANIFEST-*")]
    public async Task Start_DatabaseFileDamaged_FailsAndSaysSo(string database, string files)
    {
        using var node = new SingleNode(_temporary, "one");
        await node.StartAsync();
        await node.StopAsync();

        // The second start writes what the log held into tables.
        await node.StartAsync();
        await node.StopAsync();
        string[] damaged = Directory.GetFiles(Path.Combine(node.DataFolder, database), files);
        Assert.NotEmpty(damaged);
        foreach (string file in damaged)
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int i = 0; i < bytes.Length; i += 64)
            {
                bytes[i] ^= 0x55;
            }

            File.WriteAllBytes(file, bytes);
        }

        await node.RequireFailsAsync("STORAGE_CORRUPT", Storage);
    }

    /// <summary>The guard knows what the lost record knew: nothing is signed twice.</summary>
    [Fact]
    public async Task Start_VotesMissingBesideALedger_GoesOnAboveTheGuard()
    {
        using var node = new SingleNode(_temporary, "one");
        ulong height = await node.StartAsync();
        await node.StopAsync();
        Directory.Delete(Path.Combine(node.DataFolder, "consensus"), recursive: true);
        Assert.True(await node.StartAsync() > height);
        await node.StopAsync();
    }

    private static void CopyFolder(string from, string to, bool replace = false)
    {
        if (replace && Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
