// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {TLGovernor} from "../src/TLGovernor.sol";
import {TLProof, Proof} from "../src/TLProof.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";

/// @title Who administers, and how slowly.
contract GovernorTest is Base {
    TimelockController private timelock;
    bytes private data;

    function setUp() external {
        _start(4);
        timelock = d.governor.timelock();
        data = abi.encodeCall(TLToken.setPolicy, (d.denylist));
    }

    function test_Propose_HotQuorum_IsDoneAfterTwoDays() external {
        bytes32 id = _propose(1, 0);
        vm.warp(block.timestamp + 48 hours - 1);
        vm.expectRevert();
        timelock.execute(address(token), 0, data, 0, bytes32(uint256(1)));
        vm.warp(block.timestamp + 1);
        vm.prank(NOBODY);
        timelock.execute(address(token), 0, data, 0, bytes32(uint256(1)));
        _true(address(token.policy()) == address(d.denylist) && timelock.isOperationDone(id));
    }

    /// @dev The timelock administers itself. Who holds the hot keys must not get rid of its delay so.
    function test_Propose_TimelockThatShortenedItself_WaitsTwoDaysAllTheSame() external {
        bytes memory shorter = abi.encodeCall(TimelockController.updateDelay, (0));
        bytes32 digest = _actionDigest(1, d.governor.hashPropose(address(timelock), shorter), 0);
        d.governor.propose(address(timelock), shorter, 1, 0, _hot(digest));
        vm.warp(block.timestamp + 48 hours);
        timelock.execute(address(timelock), 0, shorter, 0, bytes32(uint256(1)));
        _eq(timelock.getMinDelay(), 0);
        bytes32 id = _propose(2, 0);
        _eq(timelock.getTimestamp(id), block.timestamp + 48 hours);
    }

    function test_Propose_LaterEta_IsWaitedFor() external {
        bytes32 id = _propose(1, uint64(block.timestamp + 10 days));
        _eq(timelock.getTimestamp(id), block.timestamp + 10 days);
    }

    function test_Propose_SameNonceOrAnotherDataOrColdQuorum_Reverts() external {
        Proof memory proof = _hot(_actionDigest(1, d.governor.hashPropose(address(token), data), 0));
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        d.governor.propose(address(open), data, 1, 0, proof);
        vm.expectRevert(abi.encodeWithSelector(TLGovernor.WrongActionNonce.selector, 2, 1));
        d.governor.propose(address(token), data, 2, 0, proof);
        d.governor.propose(address(token), data, 1, 0, proof);
        vm.expectRevert(abi.encodeWithSelector(TLGovernor.WrongActionNonce.selector, 1, 2));
        d.governor.propose(address(token), data, 1, 0, proof);
        proof = _cold(_actionDigest(2, d.governor.hashPropose(address(token), data), 0));
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        d.governor.propose(address(token), data, 2, 0, proof);
    }

    function test_Cancel_ColdQuorum_Stops() external {
        bytes32 id = _propose(1, 0);
        Proof memory proof = _hot(_coldDigest(0, d.governor.hashCancel(id), 0));
        vm.expectPartialRevert(TLProof.WrongSet.selector);
        d.governor.cancel(id, proof);
        proof = _cold(_coldDigest(0, d.governor.hashCancel(id), 0));
        vm.expectEmit(address(d.governor));
        emit TLGovernor.Cancelled(id);
        d.governor.cancel(id, proof);
        vm.expectRevert();
        d.governor.cancel(id, proof);
        vm.warp(block.timestamp + 48 hours);
        vm.expectRevert();
        timelock.execute(address(token), 0, data, 0, bytes32(uint256(1)));
    }

    /// @dev A stolen hot quorum that proposes, or rotates, ahead of the cold keys does not outrun them.
    function test_Cancel_AfterOtherActionsOfTheHotQuorum_Stops() external {
        bytes32 id = _propose(1, 0);
        Proof memory proof = _cold(_coldDigest(0, d.governor.hashCancel(id), 0));
        _propose(2, 0);
        set.rotate(hot, 2, 0, _hot(_rotateDigest(hot, 2, 0)));
        d.governor.cancel(id, proof);
        _true(!timelock.isOperation(id));
    }

    function test_Timelock_NobodyElseProposesOrAdministers() external {
        address[6] memory who = [GUARD, LIMIT, REGISTRY, ENFORCE, PAUSE, address(network)];
        for (uint256 i = 0; i < who.length; ++i) {
            vm.prank(who[i]);
            vm.expectRevert();
            timelock.schedule(address(token), 0, data, 0, 0, 48 hours);
            vm.prank(who[i]);
            vm.expectRevert();
            timelock.grantRole(keccak256("PROPOSER_ROLE"), who[i]);
            vm.prank(who[i]);
            vm.expectRevert();
            timelock.updateDelay(0);
            vm.prank(who[i]);
            vm.expectRevert();
            d.manager.grantRole(ADMIN_ROLE, who[i], 0);
        }
    }

    function test_New_ShortDelay_IsTwoDays() external {
        TLGovernor governor =
            TLGovernor(vm.deployCode("TLGovernor.sol:TLGovernor", abi.encode(bridge, 1 hours)));
        _eq(governor.timelock().getMinDelay(), 48 hours);
        governor = TLGovernor(vm.deployCode("TLGovernor.sol:TLGovernor", abi.encode(bridge, 72 hours)));
        _eq(governor.timelock().getMinDelay(), 72 hours);
    }

    uint64 private constant ADMIN_ROLE = 0;

    function _propose(uint64 nonce, uint64 eta) private returns (bytes32) {
        bytes32 action = keccak256(
            abi.encode(address(d.governor), TLGovernor.propose.selector, address(token), keccak256(data))
        );
        return d.governor.propose(address(token), data, nonce, eta, _hot(_actionDigest(nonce, action, eta)));
    }
}
