// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>
/// A chain of its own on a port that it chose. Blocks are made when a test says so, so nothing is waited for.
/// </summary>
internal sealed class Anvil : IDisposable
{
    /// <summary>
    /// A contract, by hand. A call with two words stores the second in the slot of the first, logs
    /// Stored(slot indexed, value) and returns the value; a call without data reverts with 0xAA.
    /// </summary>
    public static readonly AbiEvent Stored = AbiEvent.Parse("Stored(uint256 indexed slot,uint256 value)");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TemporaryFolder _home;

    private Anvil(Process process, TemporaryFolder home, Uri endpoint)
    {
        (_process, _home, Endpoint) = (process, home, endpoint);
        Client = ClientOf(endpoint, "anvil");
        Key = PrivateKey.Import(
            Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
    }

    public Uri Endpoint { get; }

    public EvmClient Client { get; }

    /// <summary>A key whose account is rich.</summary>
    public PrivateKey Key { get; }

    public static async Task<Anvil> StartAsync(params string[] arguments)
    {
        string program = Tool.Anvil;
        var home = new TemporaryFolder();
        Process process = Tool.Start(
            program, ["--host", "127.0.0.1", "--port", "0", "--no-mining", .. arguments], home.Path);
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            said.Add(line);
            const string Ready = "Listening on ";
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                // Read on, so that it never waits for room in the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                return new Anvil(process, home, new Uri($"http://{line[Ready.Length..].Trim()}"));
            }
        }

        process.Dispose();
        home.Dispose();
        throw new InvalidOperationException($"anvil ended: {string.Join('\n', said)}");
    }

    public static EvmClient ClientOf(Uri endpoint, string name) =>
        new(new EvmProvider(endpoint, TimeSpan.FromSeconds(30), TimeProvider.System, name));

    public Task<JsonElement> DoAsync(string method, params JsonNode?[] parameters) =>
        Client.Provider.CallAsync(new EvmRequest(method, [.. parameters]));

    public Task MineAsync(int blocks = 1) => DoAsync("anvil_mine", EvmHex.Quantity((ulong)blocks));

    public async Task<EvmBlockHeader> LatestAsync() => (await Client.BlockAsync(BlockId.Latest))!;

    /// <summary>Sends a transaction under the next nonce, which stands in the next block.</summary>
    public async Task<SignedEip1559Transaction> SendAsync(
        Address? to, byte[] data, ulong? nonce = null, uint fee = 3)
    {
        SignedEip1559Transaction signed = new Eip1559Transaction
        {
            ChainId = await Client.ChainIdAsync(),
            Nonce = nonce ?? await Client.NonceAsync(Key.Address, BlockId.Pending),
            MaxPriorityFeePerGas = 1_000_000_000ul,
            MaxFeePerGas = fee * 1_000_000_000ul,
            GasLimit = 1_000_000,
            To = to,
            Data = [.. data],
        }.Sign(Key);
        Assert.Equal(signed.Hash, await Client.SendAsync(signed));
        return signed;
    }

    /// <summary>Puts the contract on the chain.</summary>
    public async Task<Address> DeployAsync()
    {
        string runtime = "36600c5760aa5f5260205ffd5b602035805f35555f52" + "5f35" + "7f" + Stored.Topic
            + "60205fa260205ff3";
        string code = $"60{runtime.Length / 2:x2}8060095f395ff3" + runtime;
        SignedEip1559Transaction create = await SendAsync(null, Convert.FromHexString(code));
        await MineAsync();
        EvmReceipt receipt = (await Client.ReceiptAsync(create.Hash))!;
        Assert.True(receipt.Succeeded);
        return receipt.Contract!.Value;
    }

    public static byte[] Store(ulong slot, ulong value) =>
        [.. ((UInt256)slot).ToArray(), .. ((UInt256)value).ToArray()];

    public void Dispose()
    {
        Client.Provider.Dispose();
        Key.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _home.Dispose();
    }
}
