// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Config, Wiring} from "../script/Wiring.sol";
import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {TLBooks} from "../src/TLBooks.sol";
import {TLCodes} from "../src/TLCodes.sol";
import {Proof, TLProof} from "../src/TLProof.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";
import {Vm} from "../script/Vm.sol";

/// @title How other bridges were robbed, each tried on this one.
contract FailuresTest is Base {
    function setUp() external {
        _start(7);
    }

    /// @dev Five keys of nine, four with one company: no operator gets more seats than may fail, and one key
    /// is not used twice.
    function test_Ronin2022_OneOperatorWithManySeats_IsNotDeployed() external {
        Config memory config = _config();
        (config.operators[1], config.operators[2]) = (config.operators[0], config.operators[0]);
        vm.expectRevert(
            abi.encodeWithSelector(Wiring.BadConfig.selector, "an operator has more seats than may fail")
        );
        network.check(config, address(network));
        config = _config();
        config.operators[1] = config.operators[0];
        network.check(config, address(network));
        (, config.cold) = _keys(1000, 7);
        vm.expectRevert(abi.encodeWithSelector(Wiring.BadConfig.selector, "a key is hot and cold"));
        network.check(config, address(network));
    }

    /// @dev A threshold that was never set was zero: here it is computed, and an empty proof is none.
    function test_Ronin2024_NoThresholdSet_NothingPasses() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof;
        vm.expectPartialRevert(TLProof.BadSet.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        proof.validators = hot;
        vm.expectPartialRevert(TLProof.WrongQuorum.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.quorum(0);
        // And one transaction takes no more than its bucket.
        items = new MintItem[](50);
        for (uint64 i = 0; i < 50; ++i) {
            items[i] = MintItem(i + 1, ALICE, 500 * UNIT);
        }
        _mint(token, items, 50_000 * UNIT);
        _eq(token.totalSupply(), 2_000 * UNIT);
    }

    /// @dev The verifier believed what the caller brought: here a caller brings signatures, and no verifier.
    function test_Wormhole2022_CallersOwnSet_IsNotBelieved() external {
        (uint256[] memory keys, address[] memory mine) = _keys(66_000, 7);
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _sign(_batchDigest(address(token), items, SOON, UNIT), mine, keys, 5);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
    }

    /// @dev Zero was a trusted root: here zero is nothing anywhere.
    function test_Nomad2022_Zero_IsNeverValid() external {
        Proof memory proof = _hot(LEDGER);
        proof.validators[0] = address(0);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.verify(LEDGER, proof);
        proof = _hot(LEDGER);
        for (uint256 i = 0; i < 65; ++i) {
            proof.signatures[i] = 0;
        }
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        set.verify(LEDGER, proof);
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        set.beginRecovery(0, _cold(LEDGER));
        _expectRejected(0, token, TLCodes.ZERO);
        _mint(0, ALICE, UNIT, UNIT);
        _true(!bridge.isConsumed(0) && token.totalSupply() == 0);
    }

    /// @dev Two of five: here every number of signatures below a quorum is refused, of every number of
    /// members.
    function test_Harmony2022_FewerThanAQuorum_Reverts() external everySize {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        bytes32 digest = _batchDigest(address(token), items, SOON, UNIT);
        for (uint256 k = 0; k < _quorum(hot.length); ++k) {
            Proof memory proof = _sign(digest, hot, hotKeys, k);
            vm.expectPartialRevert(TLProof.WrongQuorum.selector);
            bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        }
    }

    /// @dev A proof did not bind its sibling: here every item is in what is signed; no other list passes.
    function test_Bnb2022_AnotherListOfItems_Reverts() external {
        MintItem[] memory items = new MintItem[](3);
        for (uint64 i = 0; i < 3; ++i) {
            items[i] = MintItem(i + 1, ALICE, UNIT);
        }
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, 9 * UNIT));
        MintItem[] memory more = new MintItem[](4);
        MintItem[] memory fewer = new MintItem[](2);
        for (uint64 i = 0; i < 3; ++i) {
            more[i] = items[i];
            if (i < 2) fewer[i] = items[i];
        }
        more[3] = MintItem(4, NOBODY, UNIT);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), more, SOON, 9 * UNIT, proof);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), fewer, SOON, 9 * UNIT, proof);
        (items[0], items[1]) = (items[1], items[0]);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), items, SOON, 9 * UNIT, proof);
    }

    /// @dev One burn had many encodings: here the key is a number, whatever bytes surround it.
    function test_Polygon2021_OtherBytesOfTheSameBatch_MintOnce() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        bytes memory data = abi.encodeCall(TLBridge.mintBatch, (address(token), items, SOON, UNIT, proof));
        (bool done,) = address(bridge).call(data);
        _true(done && token.totalSupply() == UNIT);
        (done,) = address(bridge).call(abi.encodePacked(data, "and something more"));
        // Another quorum's signatures of it, and another batch with it.
        uint256[] memory keys = hotKeys;
        proof = _sign(_batchDigest(address(token), items, SOON, UNIT), hot, keys, 5);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        _mint(open, _item(1, ALICE, UNIT), UNIT);
        _mint(1, BOB, 2 * UNIT, 5 * UNIT);
        _true(token.totalSupply() == UNIT && open.totalSupply() == 0);
    }

    /// @dev One person held all shares: here keys are of different holders, none twice, none at two places.
    function test_Multichain2023_OneKeyTwice_IsNoSet() external {
        Config memory config = _config();
        config.hot[1] = config.hot[0];
        vm.expectRevert(
            abi.encodeWithSelector(Wiring.BadConfig.selector, "hot validators are not ascending, or zero")
        );
        network.check(config, address(network));
        address[] memory next = hot;
        next[1] = next[0];
        vm.expectPartialRevert(TLProof.BadSet.selector);
        set.hashOf(2, next);
    }

    /// @dev A relayed call reached its own privileged contract: here a signed proposal reaches the timelock
    /// alone, which is slow and mints nothing, and who executes owns nothing.
    function test_Poly2021_RelayedCall_MintsNothing() external {
        bytes memory data = abi.encodeCall(TLToken.crosschainMint, (ALICE, UNIT));
        _tryGovern(address(token), data);
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory none;
        _tryGovern(
            address(bridge), abi.encodeCall(TLBridge.mintBatch, (address(token), items, SOON, UNIT, none))
        );
        _eq(token.totalSupply(), 0);
        for (uint64 role = 0; role <= 5; ++role) {
            (bool member,) = d.manager.hasRole(role, address(d.governor));
            _true(!member);
            (member,) = d.manager.hasRole(role, address(bridge));
            _true(!member);
        }
    }

    /// @dev One verifier with poisoned sources: here one short of a quorum is nothing, and f liars are too
    /// few.
    function test_Kelp2026_FaultyMembersAlone_AreTooFew() external everySize {
        uint256 faults = (hot.length - 1) / 3;
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _sign(_batchDigest(address(token), items, SOON, UNIT), hot, hotKeys, faults);
        vm.expectPartialRevert(TLProof.WrongQuorum.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        _true(set.quorum(hot.length) > 2 * faults);
    }

    /// @dev Amounts were not bound to what was locked: here the batch carries the sum of locks, and no batch
    /// mints more, were it signed a hundred times.
    function test_Verus2026_MoreThanLocked_IsNotMinted() external {
        uint128 total = 0;
        for (uint64 i = 1; i <= 5; ++i) {
            _mint(i, ALICE, 3 * UNIT, 10 * UNIT);
            total += 3 * UNIT;
        }
        _eq(token.totalSupply(), 9 * UNIT);
        _true(total > 10 * UNIT && !bridge.isConsumed(4) && !bridge.isConsumed(5));
    }

    /// @dev An account that could mint: here there is none.
    function testFuzz_Adshares2026_NobodyMints(address who) external {
        vm.assume(who != address(bridge));
        vm.prank(who);
        vm.expectPartialRevert(TLToken.OnlyBridge.selector);
        token.crosschainMint(who, 1);
        vm.prank(who);
        vm.expectPartialRevert(TLToken.OnlyBridge.selector);
        token.crosschainBurn(ALICE, 1);
        vm.prank(who);
        vm.expectPartialRevert(TLToken.OnlyBridge.selector);
        token.enforcementBurn(ALICE, 1);
        vm.prank(who);
        vm.expectPartialRevert(TLToken.OnlyBridge.selector);
        token.allowedBurn(ALICE, 1);
    }

    function test_Adshares2026_RolesAndAdministrators_MintNothing() external {
        address[7] memory who =
            [GUARD, LIMIT, REGISTRY, ENFORCE, PAUSE, address(d.governor.timelock()), address(d.governor)];
        for (uint256 i = 0; i < who.length; ++i) {
            vm.prank(who[i]);
            vm.expectPartialRevert(TLToken.OnlyBridge.selector);
            token.crosschainMint(who[i], 1);
        }
    }

    /// @dev A message was believed without a burn: here whoever calls something like a bridge's token makes
    /// no event of the bridge, and the chain of burns tells of every one.
    function test_Allbridge2026_BurnOfAnotherToken_IsNoBurn() external {
        vm.recordLogs();
        vm.expectPartialRevert(TLBooks.NotListed.selector);
        bridge.burn(address(this), UNIT, RECIPIENT);
        vm.expectPartialRevert(TLBooks.NotListed.selector);
        bridge.burnWithPermit(address(this), UNIT, RECIPIENT, SOON, 27, LEDGER, LEDGER);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        _eq(logs.length, 0);
        _true(bridge.burnNonce() == 0 && bridge.burnAcc() == 0);
    }

    /// @dev A message without its chain's number could be used on another chain, or after a fork.
    function test_Gnosis_AnotherChainOrLedgerOrBridge_Reverts() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        vm.chainId(chain);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        // The same validators' second bridge.
        TLBridge first = bridge;
        proof = _hot(_batchDigest(address(open), _item(2, ALICE, UNIT), SOON, UNIT));
        _start(7);
        _true(address(first) != address(bridge));
        vm.expectRevert();
        bridge.mintBatch(address(open), _item(2, ALICE, UNIT), SOON, UNIT, proof);
    }

    function _tryGovern(address target, bytes memory data) private {
        uint64 nonce = d.governor.actionNonce() + 1;
        bytes32 action = d.governor.hashPropose(target, data);
        d.governor.propose(target, data, nonce, 0, _hot(_actionDigest(nonce, action, 0)));
        vm.warp(block.timestamp + 48 hours);
        (bool done,) = address(d.governor.timelock())
            .call(
                abi.encodeWithSignature(
                    "execute(address,uint256,bytes,bytes32,bytes32)",
                    target,
                    0,
                    data,
                    0,
                    bytes32(uint256(nonce))
                )
            );
        _true(!done);
    }
}
