// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Networks;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Testing;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>
/// A chain abroad with the contracts of <c>src/contracts</c>: a block each quarter of a second while it is
/// not held, and one final two blocks later.
/// </summary>
internal sealed class ForeignChain : IAsyncDisposable
{
    public const ulong Id = 31_337;

    /// <summary>The first account of every anvil.</summary>
    private const string DeployerKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static readonly TimeSpan BlockTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DeployWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan IncludedWithin = TimeSpan.FromSeconds(30);

    // forge writes into the folder of the sources, so one deploys at a time.
    private static readonly SemaphoreSlim Forge = new(1);

    private readonly Anvil _anvil;
    private readonly ConcurrentDictionary<Address, SemaphoreSlim> _turns = new();
    private CancellationTokenSource? _stop;
    private Task _mining = Task.CompletedTask;

    private ForeignChain(Anvil anvil) => _anvil = anvil;

    public Uri Endpoint => _anvil.Endpoint;

    public EvmClient Client => _anvil.Client;

    /// <summary>What deploy.sh wrote.</summary>
    public JsonObject Deployment { get; private set; } = [];

    public Address Bridge { get; private set; }

    public Address Eligibility { get; private set; }

    public Address SignerRegister { get; private set; }

    /// <param name="behind">How far its clock is behind, so that tests can put it forward.</param>
    public static async Task<ForeignChain> StartAsync(TimeSpan behind) => new(await Anvil.StartAsync(
        "--slots-in-an-epoch", "1", "--timestamp",
        (TimeProvider.System.GetUtcNow() - behind).ToUnixTimeSeconds()
            .ToString(CultureInfo.InvariantCulture)));

    /// <summary>The token of an asset.</summary>
    public Address Token(AssetId asset) => AddressIn(Deployment["tokens"]![asset.ToString()]!);

    /// <summary>Deploys the contracts for a network, and begins to make blocks.</summary>
    public async Task DeployAsync(BridgeSetup setup, string folder, IReadOnlyList<string> assets)
    {
        string plan = Path.Combine(folder, "plan.json");
        string result = Path.Combine(folder, "deployment.json");
        await File.WriteAllTextAsync(plan, setup.Plan(Endpoint.ToString(), assets).ToJsonString());
        await DoAsync("evm_setAutomine", true);
        await Forge.WaitAsync();
        try
        {
            await RunAsync(plan, result);
        }
        finally
        {
            Forge.Release();
        }

        await DoAsync("evm_setAutomine", false);
        Deployment = JsonNode.Parse(await File.ReadAllTextAsync(result))!.AsObject();
        Bridge = AddressIn(Deployment["bridge"]!);
        Eligibility = AddressIn(Deployment["eligibility"]!);
        SignerRegister = AddressIn(Deployment["validatorSet"]!);
        Resume();
    }

    public Task<Hash256> GenesisAsync() => HashAsync(0);

    public async Task<Hash256> HashAsync(ulong number) =>
        (await Client.BlockAsync(BlockId.Number(number)))!.Hash;

    public async Task<ulong> LatestAsync() => (await _anvil.LatestAsync()).Number;

    public Task DoAsync(string method, params JsonNode?[] parameters) => _anvil.DoAsync(method, parameters);

    public Task MineAsync(int blocks = 1) => _anvil.MineAsync(blocks);

    /// <summary>Puts its clock forward.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await DoAsync("evm_increaseTime", (long)time.TotalSeconds);
        await MineAsync();
    }

    /// <summary>Makes no block until <see cref="Resume"/>.</summary>
    public async Task HoldAsync()
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync();
            await _mining;
            stop.Dispose();
            _stop = null;
        }
    }

    public void Resume()
    {
        Invariant.Require(_stop is null, "a chain is held before it resumes");
        _stop = new CancellationTokenSource();
        _mining = MineOnAsync(_stop.Token);
    }

    /// <summary>Puts another chain in the place of the last blocks, with nothing in them.</summary>
    public Task ReorganiseAsync(int depth) => DoAsync("anvil_reorg", depth, new JsonArray());

    /// <summary>Gives ether, which costs nothing here.</summary>
    public Task FundAsync(Address account) => DoAsync(
        "anvil_setBalance", account.ToString(), "0x56bc75e2d63100000");

    public async Task<object[]> ReadAsync(
        Address contract, AbiFunction function, params object[] arguments) =>
        function.DecodeResult(await Client.CallAsync(
            new EvmCall(contract, function.EncodeCall(arguments)), BlockId.Latest));

    public async Task<UInt128> UnitsAsync(AssetId asset, Address holder) =>
        (UInt128)(UInt256)(await ReadAsync(Token(asset), BridgeContracts.BalanceOf, holder))[0];

    public async Task<UInt128> SupplyAsync(AssetId asset) =>
        (UInt128)(UInt256)(await ReadAsync(Token(asset), BridgeContracts.TotalSupply))[0];

    /// <summary>Logs of an event of the bridge, from the first block to the newest.</summary>
    public async Task<object[][]> EventsAsync(AbiEvent which) =>
    [
        .. (await Client.LogsAsync(EvmLogFilter.Of(Bridge, which), 0, await LatestAsync()))
            .Select(which.Decode),
    ];

    /// <summary>Sends a call and waits until it stands in a block.</summary>
    /// <returns>The receipt, of a refusal too.</returns>
    public Task<EvmReceipt> SendAsync(
        PrivateKey key, Address to, AbiFunction function, params object[] arguments) =>
        SendAsync(key, to, function.EncodeCall(arguments));

    /// <inheritdoc cref="SendAsync(PrivateKey, Address, AbiFunction, object[])"/>
    public async Task<EvmReceipt> SendAsync(PrivateKey key, Address to, byte[] call)
    {
        SignedEip1559Transaction signed;
        SemaphoreSlim turn = _turns.GetOrAdd(key.Address, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync();
        try
        {
            signed = new Eip1559Transaction
            {
                ChainId = Id,
                Nonce = await Client.NonceAsync(key.Address, BlockId.Pending),
                MaxPriorityFeePerGas = 5_000_000_000ul,
                MaxFeePerGas = 1_000_000_000_000ul,
                GasLimit = 1_000_000,
                To = to,
                Data = [.. call],
            }.Sign(key);
            await Client.SendAsync(signed);
        }
        finally
        {
            turn.Release();
        }

        return await Deadline.GetAsync(
            $"transaction {signed.Hash} stands in a block", IncludedWithin,
            () => Client.ReceiptAsync(signed.Hash));
    }

    /// <summary>Sends a call that must succeed.</summary>
    public async Task<EvmReceipt> MustAsync(
        PrivateKey key, Address to, AbiFunction function, params object[] arguments)
    {
        EvmReceipt receipt = await SendAsync(key, to, function, arguments);
        Assert.True(receipt.Succeeded, $"{function.Name} was refused");
        return receipt;
    }

    public async ValueTask DisposeAsync()
    {
        await HoldAsync();
        _anvil.Dispose();
        foreach (SemaphoreSlim turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private static Address AddressIn(JsonNode contract) => new(Convert.FromHexString(
        contract["address"]!.GetValue<string>().AsSpan(2)));

    private async Task RunAsync(string plan, string result)
    {
        var start = new ProcessStartInfo(
            Repository.PathOf("src", "contracts", "deploy.sh"), [plan, result])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = Path.GetDirectoryName(plan)!;
        start.Environment["FOUNDRY_DISABLE_NIGHTLY_WARNING"] = "1";
        start.Environment["TL_DEPLOYER_KEY"] = DeployerKey;
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(DeployWithin);
        Assert.True(process.ExitCode == 0, $"deploy.sh: {await said} {await errors}");
    }

    private async Task MineOnAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(BlockTime);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await _anvil.MineAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
