// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Tests.Wire;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;

namespace TokenLedger.Protocol.Tests.Interop;

/// <summary>
/// Another language's protobuf library builds the very bytes that the mapper accepts and writes.
/// </summary>
[Trait("Category", "Interop")]
public sealed class PythonInteropTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _stubs = Directory.CreateTempSubdirectory("tokenledger-python-");

    public void Dispose() => _stubs.Delete(recursive: true);

    [Fact]
    public async Task Decode_BodiesOfPythonsProtobuf_AreCanonical()
    {
        await RunAsync(
            "protoc", "protobuf-compiler", "-I", Repository.PathOf("proto"),
            $"--python_out={_stubs.FullName}",
            "tokenledger/ledger/v1/bridge.proto", "tokenledger/ledger/v1/transaction.proto");
        await RunAsync(Python, "python3-protobuf", "-c", "import google.protobuf");
        string printed = await RunAsync(
            Python, "python3-protobuf",
            Repository.PathOf("tests", "TokenLedger.Protocol.Tests", "Interop", "build_transaction.py"));

        Operation[] operations = WireSamples.Operations;
        var create = new Propose([WireSamples.Privileged[0]], new TimestampMs(1_767_312_000_000), "because");
        Transaction[] expected =
        [
            WireSamples.Of(operations[0]),
            WireSamples.Of(operations[1]),
            WireSamples.Of(operations[3]),
            WireSamples.Of(create),
            WireSamples.Of(WireSamples.Tagged),
            WireSamples.Of(operations.OfType<RequireTag>().Single()),
            new Transaction(
                default, 0, 0, default, null, "", [new Transfer(WireSamples.Bond, default, default)]),
        ];
        byte[][] bodies =
            [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromHexString)];
        Assert.Equal(expected.Length, bodies.Length);
        foreach ((Transaction transaction, byte[] body) in expected.Zip(bodies))
        {
            Rejection? rejection = TransactionMapper.TryDecode(body, out Transaction? decoded);
            Assert.True(rejection is null, $"{rejection}");
            Assert.Equal(transaction, decoded);
            Assert.Equal(
                Convert.ToHexString(TransactionMapper.Encode(transaction)), Convert.ToHexString(body));
        }
    }

    private async Task<string> RunAsync(string program, string package, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = _stubs.FullName;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        string install = $"Install it: apt-get install -y {package}";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(
                process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}\n{install}");
            return await output;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Fail($"{program} does not start: {e.Message} {install}");
            throw;
        }
    }
}
