// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TokenLedger.Evm.Tests;

/// <summary>Against a server on a socket that lies in all ways.</summary>
public sealed class EvmProviderTests
{
    private static readonly EvmRequest Ask = new("eth_chainId");

    public static TheoryData<string> NoAnswers => new()
    {
        "", " ", "{", "[]", "7", "null", "\"0x1\"", "true", "{}", "\0\0\0\0",
        """{"jsonrpc":"2.0","result":"0x1"}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","id":"1","result":"0x1"}""",
        """{"jsonrpc":"2.0","id":1.5,"result":"0x1"}""",
        """{"jsonrpc":"2.0","id":99999999999999999999,"result":"0x1"}""",
        """{"jsonrpc":"2.0","id":2,"result":"0x1"}""",
        """{"jsonrpc":"2.0","id":1,"result":"0x1"}{}""",
        """{"jsonrpc":"2.0","id":1,"result":"0x1","result":"0x2"}""",
        """{"jsonrpc":"2.0","id":1,"result":"0x1",}""",
        """{"jsonrpc":"2.0","id":1,"error":"no","answer":"0x1"}""",
        """{"\uD800":1,"\uD800":1,"jsonrpc":"2.0","id":2,"result":"0x1"}""",
    };

    public static TheoryData<string> NoResults => new()
    {
        "null", "1", "\"\"", "\"0x\"", "\"1\"", "\"0x01\"", "\"0xg\"", "\"0X1\"", "\"\\uD800\"",
        "\"0x\\uDC00\"",
        "[]", "{}", "\"0x10000000000000000\"", "\"0x1 \"", "\"-0x1\"",
    };

    [Theory]
    [MemberData(nameof(NoAnswers))]
    public async Task Call_AnswerThatIsNone_IsMalformed(string body)
    {
        await using var server = LyingServer.Body(body);
        using EvmProvider provider = To(server);
        EvmAnswerException e = await Assert.ThrowsAsync<EvmAnswerException>(() => provider.CallAsync(Ask));
        Assert.False(e.IsTransient || e.IsTooLarge);
        Assert.Contains("liar", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NoResults))]
    public async Task ChainId_ResultThatIsNone_IsMalformed(string result)
    {
        await using var server = LyingServer.Body($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        using EvmProvider provider = To(server);
        await Assert.ThrowsAsync<EvmAnswerException>(() => new EvmClient(provider).ChainIdAsync());
    }

    [Fact]
    public async Task Call_NestedTooDeep_IsMalformed()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        await using var server = LyingServer.Body($$"""{"jsonrpc":"2.0","id":1,"result":{{deep}}}""");
        using EvmProvider provider = To(server);
        await Assert.ThrowsAsync<EvmAnswerException>(() => provider.CallAsync(Ask));
    }

    [Fact]
    public async Task Call_BytesThatAreNotUtf8_IsMalformed()
    {
        await using var server = LyingServer.Body(
            [.. """{"jsonrpc":"2.0","id":1,"result":"0x"""u8, 0xFF, 0xC0, .. "\"}"u8]);
        using EvmProvider provider = To(server);
        await Assert.ThrowsAsync<EvmAnswerException>(() => new EvmClient(provider).ChainIdAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"jsonrpc\"")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 99999 No\r\n\r\n")]
    public async Task Call_NoHttp_IsATransportFault(string raw)
    {
        await using var server = LyingServer.Raw(raw);
        using EvmProvider provider = To(server);
        EvmTransportException e =
            await Assert.ThrowsAsync<EvmTransportException>(() => provider.CallAsync(Ask));
        Assert.True(e.IsTransient);
    }

    [Fact]
    public async Task Call_HeadersWithoutEnd_IsATransportFault()
    {
        await using var server = new LyingServer(async (_, stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancel);
            byte[] header = Encoding.ASCII.GetBytes($"X: {new string('x', 1000)}\r\n");
            for (int i = 0; i < 10_000; i++)
            {
                await stream.WriteAsync(header, cancel);
            }
        });
        using EvmProvider provider = To(server);
        await Assert.ThrowsAsync<EvmTransportException>(() => provider.CallAsync(Ask));
    }

    [Theory]
    [InlineData("500 Oh", true)]
    [InlineData("503 Busy", true)]
    [InlineData("429 Slow", true)]
    [InlineData("401 Who", false)]
    [InlineData("404 Where", false)]
    [InlineData("301 There", false)]
    [InlineData("204 Nothing", null)]
    public async Task Call_AnotherStatus_IsATransportFault(string status, bool? isTransient)
    {
        await using var server = LyingServer.Body(
            isTransient is null ? "" : "<html>", status, "Location: http://127.0.0.1:1/\r\n");
        using EvmProvider provider = To(server);
        EvmCallException e = await Assert.ThrowsAnyAsync<EvmCallException>(() => provider.CallAsync(Ask));
        Assert.Equal(isTransient ?? false, e.IsTransient);
        Assert.Equal(isTransient is null, e is EvmAnswerException);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("400 Bad")]
    [InlineData("500 Oh")]
    public async Task Call_ErrorOfJsonRpc_HasItsCodeAndData(string status)
    {
        string longWords = new('x', 5_000);
        await using var server = LyingServer.Body(
            $$$"""{"id":1,"error":{"code":-32005,"message":"a\r\nb {{{longWords}}}","data":"0x08c379a0"}}""",
            status);
        using EvmProvider provider = To(server);
        EvmRpcException e = await Assert.ThrowsAsync<EvmRpcException>(() => provider.CallAsync(Ask));
        Assert.Equal((-32005, true), (e.Code, e.IsTransient));
        Assert.Equal((byte[])[0x08, 0xC3, 0x79, 0xA0], e.RevertData);
        Assert.InRange(e.Message.Length, 1, EvmLimits.MessageChars + 100);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("""{"id":1,"error":{}}""")]
    [InlineData("""{"id":1,"error":{"code":"x","message":7,"data":{"a":1}}}""")]
    [InlineData("""{"id":1,"error":{"code":1e99,"message":"\uD800","data":"0xzz"}}""")]
    public async Task Call_ErrorWithoutProperParts_IsOneAllTheSame(string body)
    {
        await using var server = LyingServer.Body(body);
        using EvmProvider provider = To(server);
        EvmRpcException e = await Assert.ThrowsAsync<EvmRpcException>(() => provider.CallAsync(Ask));
        Assert.Equal((0, "no reason", true), (e.Code, e.Text, e.RevertData.IsEmpty));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_BodyWithoutEnd_StopsAtTheLimit(bool announced)
    {
        long written = 0;
        await using var server = new LyingServer(async (_, stream, cancel) =>
        {
            string length = announced ? "Content-Length: 99999999999\r\n" : "Connection: close\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{length}\r\n"), cancel);
            for (byte[] chunk = new byte[64 * 1024]; written < 1L << 30; written += chunk.Length)
            {
                await stream.WriteAsync(chunk, cancel);
            }
        });
        using EvmProvider provider = To(server);
        EvmAnswerException e = await Assert.ThrowsAsync<EvmAnswerException>(() => provider.CallAsync(Ask));
        Assert.True(e.IsTooLarge);
        Assert.InRange(Interlocked.Read(ref written), 0, 4L * EvmLimits.AnswerBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"jsonrpc\"")]
    public async Task Call_SilenceAtAnyPoint_EndsAtTheDeadline(string begun)
    {
        await using var server = new LyingServer(async (_, stream, cancel) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(begun), cancel);
            await new TaskCompletionSource().Task.WaitAsync(cancel);
        });
        using EvmProvider provider = To(server, TimeSpan.FromMilliseconds(150));
        var watch = Stopwatch.StartNew();
        EvmTransportException e =
            await Assert.ThrowsAsync<EvmTransportException>(() => provider.CallAsync(Ask));
        Assert.True(e.IsTransient);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Call_Cancelled_IsNoFaultOfTheProvider()
    {
        await using var server =
            new LyingServer((_, _, cancel) => new TaskCompletionSource().Task.WaitAsync(cancel));
        using EvmProvider provider = To(server);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.CallAsync(Ask, cancel.Token));
    }

    [Fact]
    public async Task Call_NobodyListens_IsATransportFaultThatKeepsTheKeySecret()
    {
        var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new Uri($"http://user:pass@{listener.LocalEndpoint}/key");
        listener.Stop();
        using var provider = new EvmProvider(endpoint, TimeSpan.FromSeconds(10), TimeProvider.System);
        EvmTransportException e =
            await Assert.ThrowsAsync<EvmTransportException>(() => provider.CallAsync(Ask));
        Assert.DoesNotContain("key", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", e.Message, StringComparison.Ordinal);
        Assert.Contains(endpoint.Authority, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"id":2,"result":"b"},{"id":1,"result":"a"}]""", "ab")]
    [InlineData("""[{"id":1,"result":"a"}]""", null)]
    [InlineData("""[{"id":1,"result":"a"},{"id":1,"result":"b"}]""", null)]
    [InlineData("""[{"id":1,"result":"a"},{"id":3,"result":"b"}]""", null)]
    [InlineData("""[{"id":1,"result":"a"},{"id":2,"result":"b"},{"id":3,"result":"c"}]""", null)]
    [InlineData("""[{"id":1,"result":"a"},7]""", null)]
    [InlineData("""{"id":1,"result":"a"}""", null)]
    [InlineData("7", null)]
    public async Task CallAll_Answers_AreTakenByTheirIds(string body, string? expected)
    {
        await using var server = LyingServer.Body(body);
        using EvmProvider provider = To(server);
        Task<JsonElement[]> call = provider.CallAllAsync([Ask, Ask]);
        if (expected is null)
        {
            await Assert.ThrowsAsync<EvmAnswerException>(() => call);
        }
        else
        {
            Assert.Equal(expected, string.Concat(await call));
        }

        Assert.Equal(2, provider.Requests);
    }

    [Fact]
    public async Task CallAll_BatchIsRefused_IsAnErrorOfTheProvider()
    {
        await using var server =
            LyingServer.Body("""{"id":null,"error":{"code":-32600,"message":"no batches"}}""");
        using EvmProvider provider = To(server);
        await Assert.ThrowsAsync<EvmRpcException>(() => provider.CallAllAsync([Ask, Ask]));
        Assert.Empty(await provider.CallAllAsync([]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => provider.CallAllAsync(
            [.. Enumerable.Repeat(Ask, EvmLimits.BatchRequests + 1)]));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("/relative")]
    public void Create_NoWebAddress_Throws(string endpoint) => Assert.Throws<ArgumentException>(() =>
        new EvmProvider(
            new Uri(endpoint, UriKind.RelativeOrAbsolute), TimeSpan.FromSeconds(1), TimeProvider.System));

    private static EvmProvider To(LyingServer server, TimeSpan? deadline = null) =>
        new(server.Endpoint, deadline ?? TimeSpan.FromSeconds(30), TimeProvider.System, "liar");
}
